/**
 * What the process tells of itself: meters under the names of DESIGN §14, and adapters from the
 * engine's plain listeners to them. Everything here is cheap enough for the path of every request.
 */
@NullMarked
package io.lilio.server.metrics;

import org.jspecify.annotations.NullMarked;
