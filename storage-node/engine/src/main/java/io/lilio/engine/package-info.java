/**
 * One process's engine, put together: the only place that knows all the others. What a process has
 * by itself (chunk stores, a metadata store, time) comes in, the object store comes out.
 */
@NullMarked
package io.lilio.engine;

import org.jspecify.annotations.NullMarked;
