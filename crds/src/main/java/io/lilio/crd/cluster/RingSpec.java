package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.lilio.crd.schema.ResourcePart;

/**
 * How data are cut up over the members; fixed when the cluster is made.
 *
 * @param virtualNodes positions of a member of weight 1 on the ring: more of them share data out
 *     more evenly, and make a change of the ring take longer to compute
 * @param partitions what moves as one between members
 */
@ResourcePart
public record RingSpec(
        @Default("150") @Min(1) @Max(1_000) int virtualNodes,
        @Default("4096") @Min(1) @Max(65_536) int partitions) {}
