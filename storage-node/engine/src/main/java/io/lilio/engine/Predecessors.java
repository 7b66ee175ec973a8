package io.lilio.engine;

import io.lilio.metadata.session.HostedMember;
import io.lilio.metadata.session.LiveSession;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.metadata.session.Sessions;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of a node that bears this one's name, or hosts one of its members: what a killed process
 * left behind, which ends by itself, or another process with a copy of the configuration or of a
 * directory, beside which this one must not run.
 */
final class Predecessors {

    private static final Logger log = LoggerFactory.getLogger(Predecessors.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /** So many times its own ttl a dead session may take to end, by a store that is slow. */
    private static final int PATIENCE = 3;

    private final Sessions sessions;
    private final SessionSettings own;
    private final Time time;
    private final Set<UUID> members;

    /**
     * @param sessions this process's, the first of which is open
     */
    Predecessors(Sessions sessions, SessionSettings own, Time time) {
        this.sessions = sessions;
        this.own = own;
        this.time = time;
        this.members = own.members().stream().map(HostedMember::id).collect(Collectors.toSet());
    }

    /**
     * Returns when there are none.
     *
     * @throws IllegalStateException with a sentence for an administrator, when one goes on living
     */
    void awaitEnd() {
        long beganNanos = time.nanos();
        boolean told = false;
        while (true) {
            Optional<LiveSession> rival =
                    sessions.live().sessions().stream().filter(this::isRival).findFirst();
            if (rival.isEmpty()) {
                return;
            }
            long patienceNanos = rival.get().owner().ttl().multipliedBy(PATIENCE).toNanos();
            if (time.nanos() - beganNanos > patienceNanos) {
                throw new IllegalStateException(sentence(rival.get().owner()));
            }
            if (!told) {
                told = true;
                log.info(
                        "waiting for the end of session {} of node {}",
                        rival.get().incarnation(),
                        rival.get().node());
            }
            pause();
        }
    }

    /** Of two that start at once, the one whose session is older goes on. */
    private boolean isRival(LiveSession other) {
        return other.owner().process() < sessions.process()
                && (other.node().equals(own.node()) || hosts(other).isPresent());
    }

    private Optional<HostedMember> hosts(LiveSession other) {
        return other.owner().members().stream()
                .filter(member -> members.contains(member.id()))
                .findFirst();
    }

    private String sentence(LiveSession.Node other) {
        String where = other.address().isEmpty() ? "" : " at " + other.address();
        if (other.name().equals(own.node())) {
            return "Node %s is running already%s: two processes must not have one name"
                    .formatted(own.node(), where);
        }
        Set<UUID> shared = new HashSet<>(members);
        shared.retainAll(
                other.members().stream().map(HostedMember::id).collect(Collectors.toSet()));
        return "Node %s%s hosts member %s already: a directory of this node is a copy of one of its"
                .formatted(other.name(), where, shared.iterator().next());
    }

    private void pause() {
        try {
            time.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The start was broken off", e);
        }
    }
}
