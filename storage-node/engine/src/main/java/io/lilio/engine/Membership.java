package io.lilio.engine;

import io.lilio.catalog.ring.Announcements;
import io.lilio.catalog.ring.RingStore;
import io.lilio.metadata.session.HostedMember;
import io.lilio.metadata.session.LiveSession;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.metadata.session.Sessions;
import io.lilio.object.Environment;
import io.lilio.placement.Member;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node comes to its cluster (DESIGN §5, §7): it makes sure that neither it nor a copy of one
 * of its directories is there already, announces itself in its session, founds the cluster once all
 * who found it are there, or joins the one that exists.
 */
final class Membership {

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration TELL = Duration.ofSeconds(10);

    private final RingStore store;
    private final EngineSettings settings;
    private final EngineParts parts;
    private final Environment environment;

    Membership(EngineSettings settings, EngineParts parts, Environment environment) {
        this.store = new RingStore(parts.metadata());
        this.settings = settings;
        this.parts = parts;
        this.environment = environment;
    }

    /**
     * @throws IllegalStateException with a sentence for an administrator, when it may not
     */
    Joined join() {
        UUID cluster = store.identify(settings.cluster());
        if (!cluster.equals(settings.cluster())) {
            throw new IllegalStateException(
                    "The metadata belong to cluster %s, but this node's backends to cluster %s"
                            .formatted(cluster, settings.cluster()));
        }
        SessionSettings announced =
                settings.session()
                        .withMembers(parts.backends().stream().map(this::hosted).toList());
        Sessions sessions =
                new Sessions(
                        parts.metadata(),
                        announced,
                        List.of(RingStore.isCluster(cluster)),
                        environment.time(),
                        environment.random());
        try {
            new Predecessors(sessions, announced, environment.time()).awaitEnd();
            Ring ring = ring(sessions);
            ring.replication().warning().ifPresent(log::warn);
            return new Joined(sessions, announce(ring));
        } catch (RuntimeException failed) {
            sessions.close();
            throw failed;
        }
    }

    private HostedMember hosted(Backend backend) {
        return new HostedMember(
                backend.id().value(),
                backend.name(),
                settings.host(),
                backend.zone(),
                backend.weight());
    }

    /** The ring that there is, or that this node and others make. */
    private Ring ring(Sessions sessions) {
        Founders founders = new Founders(settings.founding());
        long toldNanos = environment.time().nanos() - TELL.toNanos();
        while (true) {
            Optional<Ring> there = store.load().map(RingView::ring);
            if (there.isPresent()) {
                return there.get();
            }
            List<LiveSession> live = sessions.live().sessions();
            Set<String> missing = founders.missing(live);
            if (missing.isEmpty()) {
                if (founders.include(settings.session().node())) {
                    found(founders.members(live));
                    continue;
                }
            }
            if (environment.time().nanos() - toldNanos >= TELL.toNanos()) {
                log.info(
                        "the cluster is not founded yet; waiting for {}",
                        missing.isEmpty() ? founders : missing);
                toldNanos = environment.time().nanos();
            }
            pause();
        }
    }

    private void found(List<Member> members) {
        Ring ring;
        try {
            ring =
                    Ring.create(
                            settings.founding().partitioning(),
                            settings.founding().replication(),
                            members);
        } catch (IllegalArgumentException tooFew) {
            throw new IllegalStateException(
                    "The cluster cannot be founded: " + tooFew.getMessage(), tooFew);
        }
        if (store.create(settings.cluster(), ring)) {
            log.info("founded cluster {} over {} backends", settings.cluster(), members.size());
        }
    }

    /**
     * Whoever the ring does not know joins it, and waits to be admitted; whoever was lost has come
     * back.
     */
    private Ring announce(Ring ring) {
        Ring known = ring;
        for (Backend backend : parts.backends()) {
            Optional<MemberState> state = known.member(backend.id()).map(Member::state);
            if (state.isEmpty()) {
                requireNoNamesake(known, backend);
            }
            if (state.filter(MemberState.REMOVED::equals).isPresent()) {
                log.warn(
                        "backend '{}' ({}) was removed from the cluster and takes no part in it:"
                                + " erase it, and it joins under a new identity",
                        backend.name(),
                        backend.id());
            } else {
                known = new Announcements(store).announce(joining(backend));
            }
        }
        return known;
    }

    /** A disk that was replaced or not mounted must not pass for the one that the ring knows. */
    private void requireNoNamesake(Ring known, Backend backend) {
        known.members().stream()
                .filter(member -> member.node().equals(settings.session().node()))
                .filter(member -> member.name().equals(backend.name()))
                .filter(member -> !member.state().gone())
                .findFirst()
                .ifPresent(
                        member -> {
                            throw new IllegalStateException(
                                    ("Backend '%s' holds the identity %s, but the cluster knows it"
                                                    + " as %s: is the right medium mounted? If that"
                                                    + " one is gone for good, mark it lost first")
                                            .formatted(backend.name(), backend.id(), member.id()));
                        });
    }

    private Member joining(Backend backend) {
        return new Member(
                backend.id(),
                backend.name(),
                settings.session().node(),
                settings.host(),
                backend.zone(),
                backend.weight(),
                MemberState.JOINING);
    }

    private void pause() {
        try {
            environment.time().sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The start was broken off", e);
        }
    }
}
