package io.lilio.maintenance.repair;

import io.lilio.chunk.BackendHealth;
import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices members that are well again after they could not take writes, and those that lost all
 * they had, however briefly they were away, so that they are brought level soon. Thread-safe.
 */
public final class RecoveryWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RecoveryWatch.class);

    private final Members members;
    private final Time time;
    private final Duration interval;
    private final Runnable recovered;
    private final Set<MemberId> unwell = new HashSet<>();
    private final Map<MemberId, Long> timesEmptied = new HashMap<>();
    private Time.Cancellable next = () -> {};
    private boolean closed;

    /**
     * @param interval how often members' health is looked at
     * @param recovered run when some member has to be brought level; must not block
     */
    public RecoveryWatch(Members members, Time time, Duration interval, Runnable recovered) {
        this.members = members;
        this.time = time;
        this.interval = interval;
        this.recovered = recovered;
    }

    public synchronized void start() {
        if (!closed) {
            next = time.schedule(interval, this::look);
        }
    }

    private void look() {
        try {
            compare();
        } finally {
            start();
        }
    }

    private void compare() {
        boolean someRecovered = false;
        for (MemberClient member : members.all()) {
            MemberId id = member.member().id();
            BackendHealth health = member.health();
            boolean emptied = lostAll(id, health);
            if (!health.writable()) {
                unwell.add(id);
            } else if (unwell.remove(id) || emptied) {
                log.info("member {} is well again and is brought level", member.member().name());
                someRecovered = true;
            }
        }
        if (someRecovered) {
            recovered.run();
        }
    }

    /** Whether it was emptied since this was asked last. */
    private boolean lostAll(MemberId id, BackendHealth health) {
        Long before = timesEmptied.put(id, health.timesEmptied());
        return health.timesEmptied() != (before == null ? 0 : before);
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }
}
