package io.lilio.chunk.backend.local;

import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file that holds one chunk: {@code BLOB.INDEX.SHARD-SERIAL}. The serial number makes
 * it unique in its bin, so that a chunk which comes back never meets its former file.
 *
 * @param id of the chunk
 * @param serial of the file in its bin
 */
record ChunkFileName(ChunkId id, long serial) {

    private static final Pattern NAME =
            Pattern.compile("([0-9a-f]{16})([0-9a-f]{16})\\.(\\d{1,9})\\.(\\d{1,9})-(\\d{1,18})");

    static Optional<ChunkFileName> parse(String name) {
        Matcher match = NAME.matcher(name);
        if (!match.matches()) {
            return Optional.empty();
        }
        BlobId blob =
                new BlobId(
                        Long.parseUnsignedLong(match.group(1), 16),
                        Long.parseUnsignedLong(match.group(2), 16));
        ChunkId id =
                new ChunkId(
                        blob, Integer.parseInt(match.group(3)), Integer.parseInt(match.group(4)));
        return Optional.of(new ChunkFileName(id, Long.parseLong(match.group(5))));
    }

    @Override
    public String toString() {
        return id.blob() + "." + id.index() + "." + id.shard() + "-" + serial;
    }
}
