/** Wiring: the only place that knows all the others. */
@NullMarked
package io.lilio.server.bootstrap;

import org.jspecify.annotations.NullMarked;
