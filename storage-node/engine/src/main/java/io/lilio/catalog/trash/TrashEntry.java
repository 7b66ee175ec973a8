package io.lilio.catalog.trash;

import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import java.util.UUID;

/** What was replaced or removed. Until it is swept and removed here, it owns its blobs. */
public sealed interface TrashEntry {

    /** The bucket's identity. */
    UUID bucket();

    String key();

    /** The revision of the transaction that threw it away; it may be swept when marks passed it. */
    long revision();

    /** One blob. */
    record OfBlob(UUID bucket, String key, long revision, BlobRef blob) implements TrashEntry {}

    /** All parts of an upload that was aborted, or whose object is gone. */
    record OfUpload(UUID bucket, String key, long revision, UUID upload) implements TrashEntry {}

    /**
     * The parts of a completed upload that its object does not consist of.
     *
     * @param kept the parts that stay
     */
    record OfLeftovers(UUID bucket, String key, long revision, Content.Multipart kept)
            implements TrashEntry {}
}
