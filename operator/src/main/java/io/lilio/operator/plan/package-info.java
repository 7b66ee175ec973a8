/**
 * Decides what is done to a cluster next: pure functions of what is asked for and what was seen.
 * They know the admin API's documents and nothing of Kubernetes.
 */
@NullMarked
package io.lilio.operator.plan;

import org.jspecify.annotations.NullMarked;
