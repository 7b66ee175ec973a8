package io.lilio.engine;

import io.lilio.catalog.ring.Announcements;
import io.lilio.catalog.ring.RingCache;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.Sessions;
import io.lilio.placement.Member;
import io.lilio.placement.MemberState;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the ring that members of this node which were marked lost are there (DESIGN §5): the node
 * was cut off and is not any more, or they were marked by mistake. A node that is started has
 * {@link Membership} do so; this is for one that runs on. Thread-safe.
 *
 * <p>Only what the newest ring known here calls LOST is told, by a node that has a session, about a
 * backend that works: one whose disk has failed stays lost until it is well.
 */
final class ReturnWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ReturnWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Announcements announcements;
    private final RingCache ring;
    private final Members members;
    private final Sessions sessions;
    private final Time time;
    private Time.Cancellable next = () -> {};
    private boolean closed;

    ReturnWatch(
            Announcements announcements,
            RingCache ring,
            Members members,
            Sessions sessions,
            Time time) {
        this.announcements = announcements;
        this.ring = ring;
        this.members = members;
        this.sessions = sessions;
        this.time = time;
    }

    synchronized void start() {
        if (!closed) {
            next = time.schedule(INTERVAL, this::look);
        }
    }

    private void look() {
        try {
            if (!sessions.current().isEnded()) {
                lost().forEach(this::announce);
            }
        } catch (MetadataUnavailableException e) {
            log.debug("it cannot be told that members are back, trying again", e);
        } finally {
            start();
        }
    }

    private List<Member> lost() {
        return ring.current().ring().members().stream()
                .filter(member -> member.state() == MemberState.LOST)
                .filter(member -> members.find(member.id()).filter(this::isWell).isPresent())
                .toList();
    }

    private boolean isWell(MemberClient client) {
        return client.member().local() && client.health().readable();
    }

    private void announce(Member lost) {
        announcements.announceReturn(lost.id());
        ring.refresh();
        log.warn(
                "backend '{}' ({}) was marked lost while this node was away or by mistake: it has"
                        + " returned, and may be readmitted or removed",
                lost.name(),
                lost.id());
    }

    @Override
    public synchronized void close() {
        closed = true;
        next.cancel();
    }
}
