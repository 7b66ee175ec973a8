/**
 * A simulation of a cluster: the engine's own classes on one thread, with a scheduler, a clock, a
 * network, disks and a metadata store that all follow from a seed (see {@code docs/simulation.md}).
 */
@NullMarked
package io.lilio.simulation;

import org.jspecify.annotations.NullMarked;
