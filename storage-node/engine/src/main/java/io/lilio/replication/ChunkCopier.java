package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.placement.MemberId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Copies chunks between members: what read repair, the repair of unconfirmed chunks and movers have
 * in common. Whether a chunk still has an owner is the caller's to find out, right before each call
 * (rules REPAIR_READS_OWNER, MOVER_READS_OWNER). Thread-safe.
 */
public final class ChunkCopier {

    private final Members members;
    private final BufferPool buffers;
    private final PresencePoll poll;

    /**
     * @param members the members
     * @param buffers carry the copies
     */
    public ChunkCopier(Members members, BufferPool buffers) {
        this.members = members;
        this.buffers = buffers;
        this.poll = new PresencePoll(members);
    }

    /**
     * Sees to it that every target holds the chunk. Targets are asked for presence and digest;
     * where one lacks it, it gets a copy read from a source and verified whole, with the
     * unconfirmed mark. So does one whose copy is corrupt (as {@link
     * io.lilio.chunk.ChunkStore#stat} tells, or {@link io.lilio.chunk.ChunkStore#verify} of a
     * suspect): {@link io.lilio.chunk.ChunkStore#put} replaces it, unless somebody else has done so
     * meanwhile. Deletes nothing. Where members hold different bytes, those of the majority count,
     * and the others are left as they are. Blocks, within the deadlines.
     *
     * @param sources who may have it, best first; targets may be among them
     * @param targets who has to have it
     * @param suspects members whose copy could not be read, whatever their stat says
     * @throws io.lilio.ObjectStoreException SLOW_DOWN when no buffer was free in time
     * @throws io.lilio.chunk.ChunkDeletedException when a target was told to delete it a moment
     *     ago: nobody wants it any more
     */
    public CopyOutcome bringLevel(
            ChunkId chunk,
            Collection<MemberId> sources,
            Collection<MemberId> targets,
            Collection<MemberId> suspects) {
        Set<MemberId> all = new LinkedHashSet<>(sources);
        all.addAll(targets);
        List<Replica> replicas = poll.ask(chunk, all);
        return new CopyRun(members, buffers, chunk, replicas)
                .copy(new LinkedHashSet<>(targets), Set.copyOf(suspects));
    }
}
