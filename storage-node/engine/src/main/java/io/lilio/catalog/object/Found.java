package io.lilio.catalog.object;

import io.lilio.catalog.bucket.Bucket;
import java.util.Optional;

/**
 * What a look-up found.
 *
 * @param bucket as it was at that moment
 * @param version empty when there is none; may be a delete marker
 */
public record Found(Bucket bucket, Optional<ObjectVersion> version) {}
