package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.ValidationRule;
import io.lilio.crd.schema.ResourcePart;
import org.jspecify.annotations.Nullable;

/**
 * The runs of maintenance, each a Job of Kubernetes.
 *
 * @param rebalance moves data after a change of the ring, which starts it: it has no {@code
 *     schedule}
 * @param repair compares what members hold and copies what is missing
 * @param scrub reads and verifies everything, and replaces what is damaged
 * @param gc deletes what no record owns
 */
@ResourcePart
@ValidationRule(
        value = "!has(self.rebalance) || !has(self.rebalance.schedule)",
        message =
                "jobs.rebalance has no schedule, since changes of the ring start it: leave"
                        + " jobs.rebalance.schedule out")
public record JobsSpec(
        @Nullable JobSpec rebalance,
        @Nullable JobSpec repair,
        @Nullable JobSpec scrub,
        @Nullable JobSpec gc) {}
