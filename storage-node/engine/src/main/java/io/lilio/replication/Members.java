package io.lilio.replication;

import io.lilio.placement.MemberId;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
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
    private volatile Set<String> ownZones = Set.of();

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
        clients.put(member.id(), client);
        findOwnZones();
        return client;
    }

    /** Forgets a member. Calls under way at it end as they do; its store is not closed. */
    public void remove(MemberId id) {
        clients.remove(id);
        findOwnZones();
    }

    /** The member of that identity, unless this node does not know it (any more). */
    public Optional<MemberClient> find(MemberId id) {
        return Optional.ofNullable(clients.get(id));
    }

    /** Every member known now. */
    public Collection<MemberClient> all() {
        return List.copyOf(clients.values());
    }

    private void findOwnZones() {
        ownZones =
                clients.values().stream()
                        .map(MemberClient::member)
                        .filter(MemberStore::local)
                        .map(MemberStore::zone)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a member is in the zone that this node is in, as its own members tell. */
    boolean inOwnZone(MemberStore member) {
        return ownZones.contains(member.zone());
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
