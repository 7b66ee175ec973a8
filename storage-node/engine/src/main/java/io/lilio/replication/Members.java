package io.lilio.replication;

import io.lilio.placement.MemberId;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members that this node can reach, each with its circuit breakers, its latency of late and the
 * calls under way at it. Thread-safe; members come and go while calls are made.
 */
public final class Members {

    private static final Logger log = LoggerFactory.getLogger(Members.class);

    private static final Duration DEADLINE_RESOLUTION = Duration.ofMillis(50);
    private static final Duration HEDGE_RESOLUTION = Duration.ofMillis(2);

    private final Map<MemberId, MemberClient> clients = new ConcurrentHashMap<>();
    private final ReplicationSettings settings;
    private final Time time;
    private final ThreadFactory threads;
    private final ReplicationListener listener;
    private final AlarmClock deadlines;
    private final AlarmClock hedges;

    /**
     * @param settings deadlines and bounds
     * @param time measures and ends calls
     * @param threads makes one thread per call: virtual ones
     * @param listener told of breakers that change and of all else that replication does
     */
    public Members(
            ReplicationSettings settings,
            Time time,
            ThreadFactory threads,
            ReplicationListener listener) {
        this.settings = settings;
        this.time = time;
        this.threads = threads;
        this.listener = listener;
        this.deadlines = new AlarmClock(time, DEADLINE_RESOLUTION);
        this.hedges = new AlarmClock(time, HEDGE_RESOLUTION);
    }

    /** Adds a member, or replaces the one of the same id (its address changed). */
    public MemberClient add(MemberStore member) {
        MemberClient client = new MemberClient(this, member);
        leave(clients.put(member.id(), client));
        return client;
    }

    /** Forgets a member. Calls under way at it end as they do; its store is not closed. */
    public void remove(MemberId id) {
        leave(clients.remove(id));
    }

    /** Whoever was told that its breakers are open is not to believe so for ever. */
    private void leave(@Nullable MemberClient gone) {
        if (gone != null) {
            listener.breakerChanged(gone.member(), false, BreakerState.CLOSED);
            listener.breakerChanged(gone.member(), true, BreakerState.CLOSED);
        }
    }

    /** The member of that identity, unless this node does not know it (any more). */
    public Optional<MemberClient> find(MemberId id) {
        return Optional.ofNullable(clients.get(id));
    }

    /** Every member known now. */
    public Collection<MemberClient> all() {
        return List.copyOf(clients.values());
    }

    ReplicationSettings settings() {
        return settings;
    }

    Time time() {
        return time;
    }

    /** Who is told what happens to replicas. */
    public ReplicationListener listener() {
        return listener;
    }

    /** Ends calls that take too long. */
    AlarmClock deadlines() {
        return deadlines;
    }

    /** Starts second reads. */
    AlarmClock hedges() {
        return hedges;
    }

    void start(Runnable task) {
        threads.newThread(task).start();
    }

    void breakerChanged(MemberStore member, boolean writes, BreakerState state) {
        if (find(member.id()).filter(client -> client.member().equals(member)).isEmpty()) {
            return; // calls under way at one that has left
        }
        String kind = writes ? "Writing to" : "Reading from";
        if (state == BreakerState.OPEN) {
            log.warn(
                    "{} member {} keeps failing; it is not asked for a while", kind, member.name());
        } else {
            log.info("{} member {}: circuit breaker {}", kind, member.name(), state);
        }
        listener.breakerChanged(member, writes, state);
    }
}
