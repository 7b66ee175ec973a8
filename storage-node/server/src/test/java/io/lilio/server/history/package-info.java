/** Histories of concurrent operations, and whether they are linearizable. */
@NullMarked
package io.lilio.server.history;

import org.jspecify.annotations.NullMarked;
