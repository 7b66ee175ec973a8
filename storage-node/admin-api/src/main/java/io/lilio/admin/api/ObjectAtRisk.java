package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Something that clients have stored, and of which a chunk may have no copy any more: a version of
 * an object, or a part of an upload that is neither completed nor aborted.
 *
 * @param bucket its name
 * @param key the object key
 * @param versionId of an object; {@code null}, as a text, where it was written without versioning
 * @param uploadId of a part
 * @param partNumber of a part, 1 to 10,000
 */
@Schema(requiredProperties = {"bucket", "key"})
public record ObjectAtRisk(
        String bucket,
        String key,
        @Nullable String versionId,
        @Nullable String uploadId,
        @Schema(minimum = "1", maximum = "10000") @Nullable Integer partNumber) {}
