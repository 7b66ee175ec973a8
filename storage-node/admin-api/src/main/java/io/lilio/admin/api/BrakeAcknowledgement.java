package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An administrator has looked into why nothing is deleted, and says that all is right as it is.
 *
 * @param token of the engagement that is meant
 */
@Schema(requiredProperties = {"token"})
public record BrakeAcknowledgement(@Schema(pattern = "[a-z]{8}") @Nullable String token) {}
