package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A run that is asked for.
 *
 * @param kind {@code rebalance}, {@code repair}, {@code scrub} or {@code gc}
 * @param id names it: 1 to 64 letters, digits, dots, minus signs and underscores; asking again
 *     under the same one starts nothing. Absent: one is made
 * @param maxBytesPerSecond payload that it reads or copies at most, 65,536 or more; absent: as
 *     configured where it runs
 */
@Schema(requiredProperties = {"kind"})
public record OperationRequest(
        @Schema(enumeration = {"rebalance", "repair", "scrub", "gc"}) @Nullable String kind,
        @Schema(pattern = "[A-Za-z0-9._-]{1,64}") @Nullable String id,
        @Schema(minimum = "65536") @Nullable Long maxBytesPerSecond) {}
