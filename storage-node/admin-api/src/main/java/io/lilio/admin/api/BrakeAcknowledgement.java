package io.lilio.admin.api;

import org.jspecify.annotations.Nullable;

/**
 * An administrator has looked into why nothing is deleted, and says that all is right as it is.
 *
 * @param token of the engagement that is meant
 */
public record BrakeAcknowledgement(@Nullable String token) {}
