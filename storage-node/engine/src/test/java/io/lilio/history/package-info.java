/** Histories of concurrent operations, and whether they are linearizable. */
@NullMarked
package io.lilio.history;

import org.jspecify.annotations.NullMarked;
