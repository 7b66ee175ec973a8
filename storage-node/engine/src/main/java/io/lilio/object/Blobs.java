package io.lilio.object;

import io.lilio.catalog.content.Content;
import io.lilio.catalog.upload.Uploads;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import io.lilio.replication.ChunkRange;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/** Opens writers and readers of blobs, all under the same settings. Thread-safe. */
final class Blobs {

    private final BlobStore store;
    private final Uploads uploads;
    private final ObjectSettings settings;
    private final Environment environment;
    private final BufferShare receiving;
    private final BufferShare sending;

    Blobs(BlobStore store, Uploads uploads, ObjectSettings settings, Environment environment) {
        this.store = store;
        this.uploads = uploads;
        this.settings = settings;
        this.environment = environment;
        long bufferBytes = store.buffers().capacityBytes();
        this.receiving = new BufferShare(bufferBytes, "reads", environment.time());
        this.sending = new BufferShare(bufferBytes, "uploads", environment.time());
    }

    ObjectSettings settings() {
        return settings;
    }

    /** A source under supervision; it may have at most so many bytes. */
    Body body(ObjectSource source, long maxBytes) {
        return new Body(source, maxBytes, new PaceCheck(settings.pace(), environment.time()));
    }

    /** What has to be computed over a source for its verification, its checksum and its ETag. */
    Set<DigestAlgorithm> digests(ObjectSource source, Optional<DigestAlgorithm> checksum) {
        Set<DigestAlgorithm> wanted = EnumSet.noneOf(DigestAlgorithm.class);
        wanted.addAll(source.digests());
        checksum.ifPresent(wanted::add);
        if (settings.etags() == EtagMode.MD5) {
            wanted.add(DigestAlgorithm.MD5);
        }
        return wanted;
    }

    /** The MD5 where it was computed, else something random. */
    String etag(Digests digests) {
        return digests.find(DigestAlgorithm.MD5)
                .map(HexFormat.of()::formatHex)
                .orElseGet(
                        () ->
                                "%016x%016x-1"
                                        .formatted(
                                                environment.random().nextLong(),
                                                environment.random().nextLong()));
    }

    BlobWriter writer(BlobWriter.Plan plan) {
        return new BlobWriter(store, sending, settings, environment, plan);
    }

    /**
     * Begins to read.
     *
     * @return when the first bytes are there
     */
    Pieces open(Content content, ContentRange range) {
        return switch (content) {
            case Content.Inline(var bytes) ->
                    Pieces.of(
                            ByteBuffer.wrap(
                                            bytes.array(),
                                            (int) range.offset(),
                                            (int) range.length())
                                    .asReadOnlyBuffer());
            case Content.Blob(var blob) ->
                    start(new ChunkRanges(blob, range.offset(), range.length()));
            case Content.Multipart multipart ->
                    start(new PartRanges(multipart, uploads, range.offset(), range.length()));
        };
    }

    private Pieces start(Iterator<ChunkRange> ranges) {
        ReadAhead pieces = new ReadAhead(store, receiving, settings, environment.time(), ranges);
        try {
            pieces.start();
            return pieces;
        } catch (RuntimeException e) {
            pieces.close();
            throw e;
        }
    }
}
