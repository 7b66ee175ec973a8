package io.lilio.admin.api;

import org.jspecify.annotations.Nullable;

/**
 * How a key gets another secret.
 *
 * @param keepPreviousSeconds how long the present secret stays good beside the new one; 0 to
 *     2,592,000 (30 days); absent: 0
 */
public record KeyRotation(@Nullable Long keepPreviousSeconds) {}
