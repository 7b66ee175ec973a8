package io.lilio.replication;

import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.time.Time;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The replicas of one blob while it is written, and what becomes of them. Ends in exactly one of
 * three ways, each once and for good: {@link #committed}, {@link #rollback} or {@link
 * #leaveToCollection}. Thread-safe.
 *
 * <p>Memory: about 60 bytes per chunk, until the blob is ended and all members have answered.
 */
public final class BlobReplicas {

    private enum End {
        OPEN,
        COMMITTED,
        ROLLED_BACK,
        LEFT
    }

    private final ChunkWriter writer;
    private final BlobId blob;
    private final List<ChunkWrite> underWay = new ArrayList<>(1);
    private final List<WrittenChunk> written = new ArrayList<>(1);
    private End end = End.OPEN;
    private @Nullable Prolonging prolonging;

    /** Keeps the committed blob from being swept until it is over. */
    private record Prolonging(Runnable over, Time.Cancellable patience) {}

    BlobReplicas(ChunkWriter writer, BlobId blob) {
        this.writer = writer;
        this.blob = blob;
    }

    /**
     * Sends one chunk to all its members at once and returns without waiting for any.
     *
     * @param header names a chunk of this blob, each index once
     * @param payload its first {@code header.length()} bytes. Retained until the last member's I/O
     *     has ended; the caller releases its own reference whenever it likes and does not change
     *     the bytes
     * @param slots the chunk's members in slot order, without repetitions
     * @throws IllegalStateException when this blob has ended already
     */
    public ChunkWrite write(ChunkHeader header, PooledBuffer payload, List<MemberId> slots) {
        if (!header.id().blob().equals(blob)) {
            throw new IllegalArgumentException(header.id() + " is no chunk of " + blob);
        }
        ChunkWrite write = new ChunkWrite(writer, this, header, payload, slots);
        synchronized (this) {
            if (end != End.OPEN) {
                throw new IllegalStateException("blob " + blob + " has ended already: " + end);
            }
            underWay.add(write);
        }
        write.begin();
        return write;
    }

    /**
     * The blob's metadata transaction is committed, for certain. Chunks that all members hold are
     * confirmed to them, now or when the last one has answered; never before this call (rule
     * CONFIRM_AFTER_COMMIT). Returns at once.
     *
     * <p>While answers are open the request that wrote the blob is prolonged, so that nobody sweeps
     * the blob before its last copy has landed: a copy that lands after the sweep would otherwise
     * lose its mark and be found by nobody. That holds while the request's session lives, which is
     * asked when the last copy has landed and the commit was answered, before anything is confirmed
     * (rules STRAGGLERS_ASK_SESSION, LANDED_BEFORE_COMMIT). What has not landed within the patience
     * of the settings keeps its marks, and its members look up by themselves.
     *
     * @param prolong from now on the blob is not swept, until what this returns is run. Called at
     *     most once, before this returns
     * @throws IllegalStateException when a chunk has not reached its write quorum (rule ACK_AT_W),
     *     or when the blob was ended before
     */
    public void committed(Supplier<Runnable> prolong) {
        List<WrittenChunk> finished;
        synchronized (this) {
            boolean reached =
                    underWay.stream().allMatch(ChunkWrite::reached)
                            && written.stream().allMatch(WrittenChunk::reached);
            if (!reached) {
                throw new IllegalStateException(
                        "blob " + blob + " was committed before its chunks had their quorum");
            }
            endOnce(End.COMMITTED);
            finished = List.copyOf(written);
            written.clear();
            if (!underWay.isEmpty()) {
                Runnable over = prolong.get();
                prolonging =
                        new Prolonging(
                                over,
                                writer.members()
                                        .time()
                                        .schedule(
                                                writer.members()
                                                        .settings()
                                                        .confirmations()
                                                        .patience(),
                                                this::patienceOver));
            }
        }
        finished.forEach(this::confirm);
    }

    /** What is still under way may land when the blob has been swept: it stays unconfirmed. */
    private void patienceOver() {
        Prolonging given;
        synchronized (this) {
            given = prolonging;
            prolonging = null;
            if (given != null) {
                end = End.LEFT;
            }
        }
        if (given != null) {
            given.over().run();
        }
    }

    /**
     * The blob will never be committed, for certain: removes what was written. Each member's copy
     * is deleted once its put has ended; puts that have not begun do not begin. Waits, within the
     * control deadline, for the deletes that can be made now; what cannot be deleted stays an
     * unconfirmed orphan, which its member collects. Never throws for a member's sake. Idempotent.
     *
     * @throws IllegalStateException when the blob was ended in another way
     */
    public void rollback() {
        Map<MemberId, List<ChunkId>> deletable = new HashMap<>();
        List<ChunkWrite> open;
        synchronized (this) {
            if (end == End.ROLLED_BACK) {
                return;
            }
            endOnce(End.ROLLED_BACK);
            written.forEach(chunk -> collect(deletable, chunk.id(), chunk.slots(), chunk.begun()));
            written.clear();
            open = List.copyOf(underWay);
        }
        for (ChunkWrite write : open) {
            collect(deletable, write.header().id(), write.slots(), write.rollback());
        }
        writer.deleteNow(deletable);
    }

    /**
     * Nobody knows whether the blob is committed (DESIGN §6): nothing is deleted and nothing is
     * confirmed. Its members find out by themselves. Idempotent.
     *
     * @throws IllegalStateException when the blob was ended in another way
     */
    public synchronized void leaveToCollection() {
        if (end != End.LEFT) {
            endOnce(End.LEFT);
            written.clear();
        }
    }

    private void endOnce(End how) {
        if (end != End.OPEN) {
            throw new IllegalStateException("blob " + blob + " has ended already: " + end);
        }
        end = how;
    }

    /** All I/O of a chunk has ended. */
    void finished(ChunkWrite write, WrittenChunk chunk) {
        End how;
        Prolonging needless = null;
        synchronized (this) {
            underWay.remove(write);
            how = end;
            if (how == End.OPEN) {
                written.add(chunk);
            }
            if (underWay.isEmpty()) {
                needless = prolonging;
                prolonging = null;
            }
        }
        if (how == End.COMMITTED) {
            confirm(chunk);
        }
        if (needless != null) {
            needless.patience().cancel();
            needless.over().run();
        }
    }

    private void confirm(WrittenChunk chunk) {
        if (chunk.everywhere()) {
            writer.confirmations().add(chunk);
        }
    }

    private static void collect(
            Map<MemberId, List<ChunkId>> deletable,
            ChunkId chunk,
            List<MemberId> slots,
            long places) {
        for (int place = 0; place < slots.size(); place++) {
            if ((places & ChunkWrite.bit(place)) != 0) {
                deletable.computeIfAbsent(slots.get(place), _ -> new ArrayList<>()).add(chunk);
            }
        }
    }
}
