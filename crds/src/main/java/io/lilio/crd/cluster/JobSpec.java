package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.lilio.crd.schema.ResourcePart;
import org.jspecify.annotations.Nullable;

/**
 * One kind of maintenance.
 *
 * @param schedule when it begins by itself, as a CronJob has it: {@code 0 3 * * 0}; not of {@code
 *     rebalance}. Absent: as often as the operator thinks right
 * @param maxBytesPerSecond payload that a run reads or copies at most, in bytes per second, 65,536
 *     or more. Absent: as the storage node's defaults have it
 * @param resources processor and memory of a run
 */
@ResourcePart
public record JobSpec(
        @Size(min = 1, max = 128) @Pattern(SCHEDULE) @Nullable String schedule,
        @Min(65_536) @Max(1L << 40) @Nullable Long maxBytesPerSecond,
        @Nullable ResourceRequirements resources) {

    private static final String SCHEDULE =
            "^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[0-9*?LW#,/A-Za-z-]+("
                    + " +[0-9*?LW#,/A-Za-z-]+){4})$";
}
