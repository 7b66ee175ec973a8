package io.lilio.object;

import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.content.PartRun;
import io.lilio.catalog.upload.Uploads;
import io.lilio.replication.ChunkRange;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * The chunks that hold some bytes of an object that was uploaded in parts, in order. Part records
 * are read page by page, when their turn comes; parts in front of the bytes are skipped by
 * arithmetic.
 */
final class PartRanges implements Iterator<ChunkRange> {

    private static final int PAGE = 128;

    private final Content.Multipart content;
    private final Uploads uploads;
    private final Iterator<PartRun> runs;
    private final Queue<Part> page = new ArrayDeque<>();
    private Iterator<ChunkRange> current = Collections.emptyIterator();

    private long skip;
    private long length;
    private int nextPart;
    private int partsLeft;
    private long partSize;

    /**
     * @param offset the first byte, from 0
     * @param length how many, which the object has
     */
    PartRanges(Content.Multipart content, Uploads uploads, long offset, long length) {
        this.content = content;
        this.uploads = uploads;
        this.runs = content.runs().iterator();
        this.skip = offset;
        this.length = length;
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && length > 0) {
            openNextPart();
        }
        return current.hasNext();
    }

    @Override
    public ChunkRange next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }

    private void openNextPart() {
        if (page.isEmpty()) {
            readPage();
        }
        Part part = page.remove();
        long here = Math.min(part.size() - skip, length);
        current = new ChunkRanges(part.blob(), skip, here);
        skip = 0;
        length -= here;
    }

    private void readPage() {
        while (partsLeft == 0) {
            startRun(runs.next());
        }
        long wanted = (skip + length + partSize - 1) / Math.max(1, partSize);
        int count = (int) Math.min(Math.min(PAGE, partsLeft), Math.max(1, wanted));
        page.addAll(uploads.parts(content.upload(), nextPart, count));
        nextPart += count;
        partsLeft -= count;
    }

    private void startRun(PartRun run) {
        partSize = run.partSize();
        long skipped = partSize == 0 ? run.count() : Math.min(run.count(), skip / partSize);
        skip -= skipped * partSize;
        nextPart = run.firstPart() + (int) skipped;
        partsLeft = run.count() - (int) skipped;
    }
}
