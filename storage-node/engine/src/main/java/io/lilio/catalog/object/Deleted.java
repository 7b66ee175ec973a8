package io.lilio.catalog.object;

import io.lilio.catalog.bucket.Versioning;
import java.util.Optional;

/**
 * What a delete did.
 *
 * @param marker the delete marker that was made, or that was removed by its version id
 * @param version the version that was named, whether it was there or not
 * @param versioning the bucket's state at the commit
 */
public record Deleted(
        Optional<VersionId> marker, Optional<VersionId> version, Versioning versioning) {}
