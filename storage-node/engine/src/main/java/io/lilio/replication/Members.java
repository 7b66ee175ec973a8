package io.lilio.replication;

import io.lilio.placement.MemberId;
import io.lilio.time.Time;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * The members that this node can reach, each with its circuit breakers, its latency of late and the
 * calls under way at it. Thread-safe; members come and go while calls are made.
 */
public final class Members {

    private final Map<MemberId, MemberClient> clients = new ConcurrentHashMap<>();

    /**
     * @param settings deadlines and bounds
     * @param time measures and ends calls
     * @param threads makes one thread per call: virtual ones
     * @param listener told of breakers that change and of all else that replication does
     */
    @SuppressWarnings("UnusedVariable")
    public Members(
            ReplicationSettings settings,
            Time time,
            ThreadFactory threads,
            ReplicationListener listener) {}

    /** Adds a member, or replaces the one of the same id (its address changed). */
    public MemberClient add(MemberStore member) {
        throw new UnsupportedOperationException();
    }

    /** Forgets a member. Calls under way at it end as they do; its store is not closed. */
    public void remove(MemberId id) {
        clients.remove(id);
    }

    /** The member of that identity, unless this node does not know it (any more). */
    public Optional<MemberClient> find(MemberId id) {
        return Optional.ofNullable(clients.get(id));
    }

    /** Every member known now. */
    public Collection<MemberClient> all() {
        return java.util.List.copyOf(clients.values());
    }
}
