package io.lilio.catalog.content;

import io.lilio.chunk.BlobId;

/**
 * A blob, as the record that owns it names it: all that is needed to find its chunks.
 *
 * @param size bytes
 * @param chunkSize bytes of payload of each chunk but the last
 * @param epoch the ring epoch under which it was opened
 * @param redundancy {@code replicated(n)}
 * @param openingRevision the metadata revision at which it was opened
 */
public record BlobRef(
        BlobId id, long size, int chunkSize, long epoch, String redundancy, long openingRevision) {

    public BlobRef {
        if (size < 0 || chunkSize < 1) {
            throw new IllegalArgumentException(
                    "blob " + id + ": size " + size + ", chunk size " + chunkSize);
        }
    }

    /** How many chunks it has; none when it is empty. */
    public int chunks() {
        return Math.toIntExact((size + chunkSize - 1) / chunkSize);
    }
}
