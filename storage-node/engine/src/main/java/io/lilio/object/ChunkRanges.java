package io.lilio.object;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.ChunkId;
import io.lilio.replication.ChunkRange;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The chunks, whole or in part, that hold some bytes of a blob, in order. */
final class ChunkRanges implements Iterator<ChunkRange> {

    private final BlobRef blob;
    private final long end;
    private long position;

    /**
     * @param offset the first byte, from 0
     * @param length how many, which the blob has
     */
    ChunkRanges(BlobRef blob, long offset, long length) {
        if (offset < 0 || length < 0 || offset + length > blob.size()) {
            throw new IllegalArgumentException(
                    "bytes " + offset + "+" + length + " of " + blob.size());
        }
        this.blob = blob;
        this.position = offset;
        this.end = offset + length;
    }

    @Override
    public boolean hasNext() {
        return position < end;
    }

    @Override
    public ChunkRange next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        long index = position / blob.chunkSize();
        long chunkStart = index * blob.chunkSize();
        int chunkLength = (int) Math.min(blob.chunkSize(), blob.size() - chunkStart);
        int offset = (int) (position - chunkStart);
        int length = (int) Math.min(chunkLength - offset, end - position);
        position += length;
        return new ChunkRange(
                new ChunkId(blob.id(), Math.toIntExact(index), 0),
                blob.epoch(),
                chunkLength,
                offset,
                length);
    }
}
