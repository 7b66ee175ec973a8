package io.lilio.object;

import java.util.Optional;

/**
 * What a delete did. Deleting what does not exist is a success too.
 *
 * @param versionId of the delete marker that was made, or of the version that was removed; empty in
 *     a bucket whose versioning was never enabled
 * @param deleteMarker whether that version is a delete marker
 */
public record DeleteResult(Optional<String> versionId, boolean deleteMarker) {}
