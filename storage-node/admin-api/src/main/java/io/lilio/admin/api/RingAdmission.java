package io.lilio.admin.api;

import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A member that is to be admitted.
 *
 * @param member its identity
 * @param host the machine that it is on; absent: as its node says
 * @param zone the failure zone; absent: as its node says
 */
@Schema(requiredProperties = {"member"})
public record RingAdmission(
        @Nullable UUID member,
        @Schema(minLength = 1, maxLength = 253) @Nullable String host,
        @Schema(maxLength = 253) @Nullable String zone) {}
