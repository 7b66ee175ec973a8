package io.lilio.catalog.object;

import io.lilio.catalog.bucket.Versioning;

/**
 * A version that was committed.
 *
 * @param versioning the bucket's state at the commit: {@code OFF} means that no version id is shown
 */
public record Stored(VersionSummary version, Versioning versioning) {}
