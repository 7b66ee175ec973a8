package io.lilio.admin.api;

import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A change of the ring that is asked for. Each command needs some of the fields; one that it has no
 * use for is refused.
 *
 * @param operationId names the change: asking again under the same one changes nothing and answers
 *     the same
 * @param expectedEpoch the ring's epoch as it was looked at: refused when it is another by now
 * @param members whom it is about: drain, mark-lost, readmit, remove
 * @param admissions whom it is about: admit
 * @param places whom it is about, and where they are: relocate
 * @param member whom it is about: reweigh
 * @param weight 1 to 1,000: reweigh
 * @param old who is replaced: replace
 * @param replacement by whom: replace
 * @param ignoreCapacity whether members may get more than they are known to have room for
 * @param acceptDataLoss whether that is done although no copy of some chunk may remain: mark-lost
 */
@Schema(requiredProperties = {"operationId", "expectedEpoch"})
public record RingCommand(
        @Nullable UUID operationId,
        @Nullable Long expectedEpoch,
        @Schema(minItems = 1, maxItems = 1_000) @Nullable List<UUID> members,
        @Schema(minItems = 1, maxItems = 1_000) @Nullable List<RingPlace> admissions,
        @Schema(minItems = 1, maxItems = 1_000) @Nullable List<RingPlace> places,
        @Nullable UUID member,
        @Schema(minimum = "1", maximum = "1000") @Nullable Integer weight,
        @Nullable UUID old,
        @Nullable RingPlace replacement,
        @Nullable Boolean ignoreCapacity,
        @Nullable Boolean acceptDataLoss) {}
