package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkOrigin;
import io.lilio.chunk.ChunkOwner;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import io.lilio.digest.StreamDigests;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.session.InFlight;
import io.lilio.placement.RingView;
import io.lilio.replication.BlobReplicas;
import io.lilio.replication.ChunkWrite;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bytes of one PUT or of one part: cut into chunks, each sealed with its checksums and
 * sent to all its members, a bounded window of them at a time, while digests run beside. What is
 * small enough stays in memory, to ride in the metadata record.
 *
 * <p>{@link #close} removes everything that was written unless {@link #commit} made it an object's.
 * Used by one thread.
 */
final class BlobWriter implements AutoCloseable {

    /** Below this, a thread for the digests costs more than it saves. */
    private static final int DIGEST_BESIDE_BYTES = 32 * 1024;

    /** What has to arrive before a buffer is taken for a chunk, while buffers are scarce. */
    private static final int EARLY_BYTES = 64 * 1024;

    /** Bytes that gather before the digests get them. */
    private static final int DIGEST_PIECE_BYTES = 128 * 1024;

    /**
     * What to write.
     *
     * @param owner where the record that will own the blob is to be looked for
     * @param inlineMaxBytes what may stay in memory; {@link #NEVER_INLINE} when nothing may, not
     *     even an empty blob
     * @param digests what to compute
     */
    record Plan(
            InFlight request,
            ChunkOwner owner,
            int chunkSize,
            int inlineMaxBytes,
            Set<DigestAlgorithm> digests) {

        /** Even an empty blob is none that rides in the record. */
        static final int NEVER_INLINE = -1;
    }

    /** What was written; not yet committed. */
    record Written(Content content, Digests digests) {

        /** The blob of a plan that was never inline. */
        BlobRef blob() {
            return switch (content) {
                case Content.Blob(BlobRef blob) -> blob;
                case Content.Inline _, Content.Multipart _ ->
                        throw new IllegalStateException("written as " + content);
            };
        }
    }

    private enum Fate {
        UNWANTED,
        UNKNOWN,
        KEPT
    }

    private final BlobStore store;
    private final BufferShare sending;
    private final ObjectSettings settings;
    private final Environment environment;
    private final Plan plan;
    private final RingView ring;
    private final BlobId id;
    private final Queue<ChunkWrite> underWay = new ArrayDeque<>();
    private @Nullable BlobReplicas replicas;
    private int chunks;
    private Fate fate = Fate.UNWANTED;

    /**
     * @param sending what this and all other bodies may hold while they arrive
     */
    BlobWriter(
            BlobStore store,
            BufferShare sending,
            ObjectSettings settings,
            Environment environment,
            Plan plan) {
        this.store = store;
        this.sending = sending;
        this.settings = settings;
        this.environment = environment;
        this.plan = plan;
        this.ring = store.ring().get();
        this.id = BlobId.random(environment.random());
    }

    /**
     * Reads the body to its end; W members hold every chunk when this returns. Called once.
     *
     * @throws ObjectStoreException what the body throws, SLOW_DOWN, UNAVAILABLE, STORAGE_FULL
     */
    Written transferFrom(Body body) {
        boolean beside = !body.fits(DIGEST_BESIDE_BYTES);
        try (StreamDigests digests =
                new StreamDigests(plan.digests(), beside, environment.threads())) {
            ByteBuffer head = readHead(body, digests);
            if (body.ended() && fitsInline(body.bytes())) {
                byte[] bytes = new byte[head.remaining()];
                head.get(bytes);
                return new Written(new Content.Inline(Bytes.wrap(bytes)), digests.finish());
            }
            while (!body.ended() || head.hasRemaining()) {
                if (!head.hasRemaining() && sending.isScarce()) {
                    head = readEarly(body, digests);
                }
                writeChunk(body, head, digests);
            }
            awaitUntil(0);
            return new Written(new Content.Blob(blob(body.bytes())), digests.finish());
        }
    }

    /** What may turn out to be all: nothing when the body is known to be larger than that. */
    private ByteBuffer readHead(Body body, StreamDigests digests) {
        if (!fitsInline(0) || !body.mayFit(plan.inlineMaxBytes())) {
            return ByteBuffer.allocate(0);
        }
        return read(body, plan.inlineMaxBytes() + 1, digests);
    }

    /** The beginning of a chunk, for which a sender that has stalled holds no buffer. */
    private ByteBuffer readEarly(Body body, StreamDigests digests) {
        return read(body, Math.min(EARLY_BYTES, plan.chunkSize()), digests);
    }

    private static ByteBuffer read(Body body, int atMost, StreamDigests digests) {
        ByteBuffer bytes = ByteBuffer.allocate(body.remaining(atMost));
        body.fill(bytes, count -> {});
        bytes.flip();
        digests.update(bytes, () -> {});
        return bytes;
    }

    private boolean fitsInline(long size) {
        return size <= plan.inlineMaxBytes();
    }

    private void writeChunk(Body body, ByteBuffer head, StreamDigests digests) {
        PooledBuffer buffer = receiveChunk(body, head, digests);
        try {
            int length = buffer.buffer().position();
            if (length > 0) {
                boolean all = length == body.bytes();
                send(buffer, length, all ? body.sha256() : Optional.empty());
            }
        } finally {
            buffer.release();
        }
    }

    /** A buffer of as many bytes as its position says, which belongs to the caller. */
    private PooledBuffer receiveChunk(Body body, ByteBuffer head, StreamDigests digests) {
        int fromHead = Math.min(head.remaining(), plan.chunkSize());
        int size = Math.max(1, fromHead + body.remaining(plan.chunkSize() - fromHead));
        sending.take(size, settings.bufferWait());
        try {
            PooledBuffer buffer = store.buffers().acquire(size, settings.bufferWait());
            boolean received = false;
            try {
                ByteBuffer target = buffer.buffer();
                target.put(head.slice(head.position(), fromHead));
                head.position(head.position() + fromHead);
                Pieces pieces = new Pieces(buffer, target.position(), digests);
                body.fill(target, pieces::arrived);
                pieces.handOver();
                received = true;
                return buffer;
            } finally {
                if (!received) {
                    buffer.release();
                }
            }
        } finally {
            sending.giveBack(size);
        }
    }

    private void send(PooledBuffer buffer, int length, Optional<byte[]> sha256) {
        ChunkId chunk = new ChunkId(id, chunks, 0);
        chunks++;
        ByteBuffer payload = buffer.view(0, length);
        ChunkHeader header =
                ChunkHeader.of(
                        chunk,
                        origin(),
                        payload,
                        sha256.orElseGet(() -> ChunkHeader.sha256(payload)));
        BlobReplicas all = replicas;
        if (all == null) {
            all = store.writer().open(id);
            replicas = all;
        }
        underWay.add(
                all.write(
                        header,
                        buffer,
                        ring.slots(chunk.partition(ring.partitions()), ring.epoch())));
        awaitUntil(Math.max(1, settings.writeWindowBytes() / plan.chunkSize()));
    }

    private ChunkOrigin origin() {
        return new ChunkOrigin(
                ring.epoch(),
                plan.request().openingRevision(),
                plan.request().session().incarnation(),
                plan.owner());
    }

    /** Waits for the oldest chunks until no more than some are under way. */
    private void awaitUntil(int atMost) {
        ChunkWrite oldest = underWay.size() > atMost ? underWay.poll() : null;
        while (oldest != null) {
            oldest.await();
            oldest = underWay.size() > atMost ? underWay.poll() : null;
        }
    }

    private BlobRef blob(long size) {
        return new BlobRef(
                id,
                size,
                plan.chunkSize(),
                ring.epoch(),
                "replicated(" + ring.ring().replication().factor() + ")",
                plan.request().openingRevision());
    }

    /**
     * Commits the record that will own what was written, and decides by the outcome what becomes of
     * it.
     *
     * @param transaction runs once; whatever it throws leaves the outcome unknown
     * @throws ObjectStoreException why it was refused, or UNKNOWN_OUTCOME
     */
    <T> T commit(Supplier<CommitOutcome<T>> transaction) {
        fate = Fate.UNKNOWN;
        return switch (transaction.get()) {
            case CommitOutcome.Committed<T>(T value) -> {
                fate = Fate.KEPT;
                if (replicas != null) {
                    replicas.committed(plan.request()::prolong);
                }
                yield value;
            }
            case CommitOutcome.Refused<T>(RefusedReason reason) -> {
                fate = Fate.UNWANTED;
                throw reason.asException();
            }
            case CommitOutcome.Unknown<T> unknown -> throw unknown.asException();
        };
    }

    /**
     * Removes what was written, unless it was committed or may have been (rule
     * NO_ROLLBACK_ON_UNKNOWN). A refusal that follows a lost answer is one for the client, not for
     * the chunks: if the metadata were put back to an older state in between, the newer ones name
     * the blob, and may come back. Then its members look up by themselves, and ask the deletion
     * brake before they delete.
     */
    @Override
    public void close() {
        BlobReplicas written = replicas;
        if (written == null) {
            return;
        }
        switch (fate) {
            case UNWANTED -> {
                if (plan.request().lostAnAnswer()) {
                    written.leaveToCollection();
                } else {
                    written.rollback();
                }
            }
            case UNKNOWN -> written.leaveToCollection();
            case KEPT -> {}
        }
    }

    /** Hands arrived bytes to the digests in pieces that are worth it. */
    private static final class Pieces {
        private final PooledBuffer buffer;
        private final StreamDigests digests;
        private int from;
        private int to;

        Pieces(PooledBuffer buffer, int from, StreamDigests digests) {
            this.buffer = buffer;
            this.digests = digests;
            this.from = from;
            this.to = from;
        }

        void arrived(int count) {
            to += count;
            if (to - from >= DIGEST_PIECE_BYTES) {
                handOver();
            }
        }

        void handOver() {
            if (to > from) {
                buffer.retain();
                digests.update(buffer.view(from, to - from), buffer::release);
                from = to;
            }
        }
    }
}
