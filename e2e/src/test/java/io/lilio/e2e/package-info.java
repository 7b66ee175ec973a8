/**
 * The operator, its chart and real storage nodes on a kind cluster: what a user does, scaling,
 * upgrades, losses and faults, with clients at work and all data compared afterwards.
 */
@NullMarked
package io.lilio.e2e;

import org.jspecify.annotations.NullMarked;
