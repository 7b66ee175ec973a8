/**
 * Time as something that a test can own: clocks, waits and delayed tasks enter every class through
 * its constructor.
 */
@NullMarked
package io.lilio.time;

import org.jspecify.annotations.NullMarked;
