package io.lilio.crd.cluster;

import io.lilio.crd.schema.ResourcePart;
import org.jspecify.annotations.Nullable;

/**
 * The runs of maintenance, each a Job of Kubernetes.
 *
 * @param rebalance moves data after a change of the ring; it is started by the change itself
 * @param repair compares what members hold and copies what is missing
 * @param scrub reads and verifies everything, and replaces what is damaged
 * @param gc deletes what no record owns
 */
@ResourcePart
public record JobsSpec(
        @Nullable JobSpec rebalance,
        @Nullable JobSpec repair,
        @Nullable JobSpec scrub,
        @Nullable JobSpec gc) {}
