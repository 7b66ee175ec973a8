package io.lilio.replication;

import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.buffer.PooledBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One member behind its circuit breakers: the calls of {@link io.lilio.chunk.ChunkStore}, each with
 * a deadline. A call that exceeds it is abandoned: its caller gets a {@link
 * io.lilio.chunk.BackendException} with reason TIMEOUT, while its thread goes on and keeps the
 * buffer it uses retained until it really ends. With the breaker open, or too many calls under way,
 * a call fails at once with reason OVERLOADED.
 *
 * <p>For whoever talks to single members (maintenance, repair). Blocking and thread-safe.
 * Everything else that the calls throw is as {@link io.lilio.chunk.ChunkStore} says.
 */
public final class MemberClient {

    private final MemberStore member;

    MemberClient(MemberStore member) {
        this.member = member;
    }

    /** Who it is. */
    public MemberStore member() {
        return member;
    }

    /** Whether reads, stats and listings are tried. */
    public BreakerState readState() {
        throw new UnsupportedOperationException();
    }

    /** Whether puts, deletes and confirmations are tried. */
    public BreakerState writeState() {
        throw new UnsupportedOperationException();
    }

    /**
     * Stores a whole chunk.
     *
     * @param payload its first {@code header.length()} bytes; the caller keeps its own reference
     */
    public void put(ChunkHeader header, PooledBuffer payload) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads and verifies part of a chunk.
     *
     * @param offset a multiple of {@link ChunkHeader#BLOCK_BYTES}
     * @param target receives {@code length} bytes from its index 0; the caller keeps its own
     *     reference, and after an exception must not use the bytes for anything else (release it)
     */
    public ChunkHeader read(ChunkId id, int offset, PooledBuffer target, int length) {
        throw new UnsupportedOperationException();
    }

    public Optional<ChunkHeader> stat(ChunkId id) {
        throw new UnsupportedOperationException();
    }

    public void delete(Collection<ChunkId> ids) {
        throw new UnsupportedOperationException();
    }

    public void confirm(Collection<ChunkId> ids) {
        throw new UnsupportedOperationException();
    }

    public List<ChunkHeader> list(int partition, @Nullable ChunkId after, int limit) {
        throw new UnsupportedOperationException();
    }

    public List<ChunkHeader> unconfirmed(Duration age, int limit) {
        throw new UnsupportedOperationException();
    }

    public void markAllUnconfirmed() {
        throw new UnsupportedOperationException();
    }

    public void verify(ChunkId id) {
        throw new UnsupportedOperationException();
    }

    /** As the store tells, without deadline or breaker. */
    public BackendHealth health() {
        return member.store().health();
    }

    /** As the store tells, without deadline or breaker. */
    public BackendUsage usage() {
        return member.store().usage();
    }
}
