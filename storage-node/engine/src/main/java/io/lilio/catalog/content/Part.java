package io.lilio.catalog.content;

import io.lilio.digest.Checksum;
import java.time.Instant;
import java.util.Optional;

/**
 * A part of an upload, open or completed.
 *
 * @param number 1 to 10,000
 * @param etag without quotes
 */
public record Part(
        int number, BlobRef blob, String etag, Instant lastModified, Optional<Checksum> checksum) {

    /** The largest part number. */
    public static final int MAX_NUMBER = 10_000;

    public Part {
        if (number < 1 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("part number " + number);
        }
    }

    /** Bytes. */
    public long size() {
        return blob.size();
    }
}
