package io.lilio.object;

import java.util.Optional;

/**
 * What was copied.
 *
 * @param copy the new object, or the new part
 * @param sourceVersionId empty when the source's bucket never had versioning enabled
 */
public record CopyResult(PutResult copy, Optional<String> sourceVersionId) {}
