package io.lilio.catalog.object;

import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.content.Content;
import io.lilio.digest.Checksum;
import java.time.Instant;
import java.util.Optional;

/**
 * An object about to be committed; its bytes are durable already.
 *
 * @param etag without quotes
 */
public record Draft(
        Content content, String etag, Attributes attributes, Optional<Checksum> checksum) {

    /**
     * The version that this becomes.
     *
     * @param look what the commit is decided on
     * @param tag random
     */
    public ObjectVersion at(HeadLook look, long tag, Instant now) {
        VersionSummary summary =
                new VersionSummary(
                        look.nextSeq(),
                        tag,
                        look.bucket().versioning() != Versioning.ENABLED,
                        false,
                        now,
                        content.size(),
                        etag,
                        attributes.storageClass(),
                        checksum);
        int parts = content instanceof Content.Multipart multipart ? multipart.parts() : 0;
        return new ObjectVersion(look.key(), summary, Optional.of(content), attributes, parts);
    }
}
