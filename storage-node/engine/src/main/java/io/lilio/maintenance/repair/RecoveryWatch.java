package io.lilio.maintenance.repair;

import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices members that are well again after they could not take writes, so that they are brought
 * level soon. Thread-safe.
 */
public final class RecoveryWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RecoveryWatch.class);

    private final Members members;
    private final Time time;
    private final Duration interval;
    private final Runnable recovered;
    private final Set<MemberId> unwell = new HashSet<>();
    private Time.Cancellable next = () -> {};
    private boolean closed;

    /**
     * @param interval how often members' health is looked at
     * @param recovered run when some member is well again; must not block
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
            if (!member.health().writable()) {
                unwell.add(id);
            } else if (unwell.remove(id)) {
                log.info("member {} is well again", member.member().name());
                someRecovered = true;
            }
        }
        if (someRecovered) {
            recovered.run();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }
}
