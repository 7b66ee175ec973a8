package io.lilio.admin.api;

import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A member, and where it is.
 *
 * @param member its identity
 * @param host the machine that it is on; absent: as the ring has it
 * @param zone the failure zone; absent: as the ring has it
 */
@Schema(requiredProperties = {"member"})
public record RingPlace(
        @Nullable UUID member,
        @Schema(minLength = 1, maxLength = 253) @Nullable String host,
        @Schema(maxLength = 253) @Nullable String zone) {}
