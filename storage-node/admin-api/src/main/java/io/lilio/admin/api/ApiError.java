package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What every answer that is no success consists of.
 *
 * @param code stable, for programs
 * @param message a sentence, for people
 * @param requestId the same as in the header {@code x-amz-request-id} and in the server's log
 * @param field the field or parameter that is meant, where it is one
 */
@Schema(requiredProperties = {"code", "message", "requestId"})
public record ApiError(String code, String message, String requestId, @Nullable String field) {}
