/**
 * The process: configuration, leader election, what is watched, and thin adapters between the Java
 * Operator SDK and the passes; metrics and health.
 */
@NullMarked
package io.lilio.operator.runtime;

import org.jspecify.annotations.NullMarked;
