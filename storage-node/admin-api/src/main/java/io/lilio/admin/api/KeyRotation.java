package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a key gets another secret.
 *
 * @param keepPreviousSeconds how long the present secret stays good beside the new one; 0 to
 *     2,592,000 (30 days); absent: 0
 */
public record KeyRotation(
        @Schema(minimum = "0", maximum = "2592000", defaultValue = "0")
                @Nullable Long keepPreviousSeconds) {}
