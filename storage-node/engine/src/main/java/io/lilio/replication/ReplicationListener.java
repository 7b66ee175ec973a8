package io.lilio.replication;

import io.lilio.chunk.ChunkId;

/**
 * Told of what replication does: for metrics. Called from the threads that do the work, so
 * implementations are quick, thread-safe and throw nothing.
 */
public interface ReplicationListener {

    /** Listens to nothing. */
    ReplicationListener NONE = new ReplicationListener() {};

    /**
     * Every member has answered a quorum write, or its deadline has passed.
     *
     * @param reached whether the write quorum was reached
     * @param attempted members asked
     * @param succeeded members that acknowledged, those after the quorum included
     */
    default void quorumWrite(boolean reached, int attempted, int succeeded) {}

    /**
     * Every member asked has answered a read, or its deadline has passed.
     *
     * @param served whether verified bytes were delivered
     * @param attempted members asked for data or presence
     * @param succeeded members that had the chunk
     */
    default void quorumRead(boolean served, int attempted, int succeeded) {}

    /**
     * A second replica was asked because the first was slow.
     *
     * @param won whether it answered first
     */
    default void hedged(boolean won) {}

    /** A member was not waited for, or not even asked, since stragglers hold their share. */
    default void stragglerDropped(MemberStore member) {}

    /** A member's copy is not what was written. */
    default void corruptReplica(MemberStore member, ChunkId chunk) {}

    /** Members hold different bytes under one id: an alarm. */
    default void conflictingReplicas(ChunkId chunk) {}

    /** A member lacked a chunk or held a bad copy, and now holds a good one. */
    default void repaired(MemberStore member, ChunkId chunk) {}

    /** A repair was not done: no room in the queue, no good copy, or the member refused. */
    default void repairFailed(ChunkId chunk) {}

    /** Confirmations were dropped; the members will look those chunks up themselves. */
    default void confirmationsDropped(int count) {}

    /**
     * A circuit breaker changed.
     *
     * @param writes whether it is the one for writes, else that for reads
     */
    default void breakerChanged(MemberStore member, boolean writes, BreakerState state) {}
}
