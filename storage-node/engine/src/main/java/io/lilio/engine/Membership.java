package io.lilio.engine;

import io.lilio.catalog.ring.RingStore;
import io.lilio.metadata.MetadataStore;
import io.lilio.placement.Member;
import io.lilio.placement.MemberState;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a process's backends belong to the cluster that its metadata knows. */
final class Membership {

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private final RingStore store;
    private final EngineSettings settings;

    Membership(MetadataStore metadata, EngineSettings settings) {
        this.store = new RingStore(metadata);
        this.settings = settings;
    }

    /**
     * Founds the cluster on the first start; on every other one checks that it is the same.
     *
     * @return the ring
     * @throws IllegalStateException with a sentence for an administrator, when it is another one or
     *     does not know a backend
     */
    Ring establish(List<Backend> backends) {
        if (store.clusterId().isEmpty()) {
            found(backends);
        }
        UUID cluster = store.clusterId().orElseThrow();
        if (!cluster.equals(settings.cluster())) {
            throw new IllegalStateException(
                    "The metadata belong to cluster %s, but this node's backends to cluster %s"
                            .formatted(cluster, settings.cluster()));
        }
        Ring ring =
                store.load()
                        .map(RingView::ring)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "The metadata know cluster %s but hold no ring"
                                                        .formatted(cluster)));
        backends.forEach(backend -> requireKnown(ring, backend));
        ring.replication().warning().ifPresent(log::warn);
        return ring;
    }

    private void found(List<Backend> backends) {
        List<Member> members = backends.stream().map(this::member).toList();
        Ring ring = Ring.create(settings.partitions(), settings.replication(), members);
        if (store.create(settings.cluster(), ring)) {
            log.info("founded cluster {} over {} backends", settings.cluster(), backends.size());
        }
    }

    private Member member(Backend backend) {
        return new Member(
                backend.id(),
                backend.name(),
                settings.session().node(),
                settings.host(),
                backend.zone(),
                backend.weight(),
                MemberState.ACTIVE);
    }

    private void requireKnown(Ring ring, Backend backend) {
        if (ring.member(backend.id()).isPresent()) {
            return;
        }
        Optional<Member> namesake =
                ring.members().stream()
                        .filter(member -> member.node().equals(settings.session().node()))
                        .filter(member -> member.name().equals(backend.name()))
                        .findFirst();
        throw new IllegalStateException(
                namesake.map(
                                member ->
                                        "Backend '%s' holds the identity %s, but the cluster knows it as %s: is the right medium mounted?"
                                                .formatted(
                                                        backend.name(), backend.id(), member.id()))
                        .orElseGet(
                                () ->
                                        "Backend '%s' is not a member of the cluster, whose members are fixed when it is founded"
                                                .formatted(backend.name())));
    }
}
