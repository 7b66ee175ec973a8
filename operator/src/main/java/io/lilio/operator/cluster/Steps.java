package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.dependent.RemovedVolume;
import io.lilio.operator.kube.ForeignObjectException;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.plan.Answers.Change;
import io.lilio.operator.plan.Desired;
import io.lilio.operator.plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of a plan. What cannot be undone is done only after everything that it depends on
 * was read live once more, and under the versions that were read (DESIGN §13, rule 3). Thread-safe.
 */
final class Steps {

    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    private final Kubernetes kubernetes;
    private final Moves moves;
    private final PodRenewal pods;

    Steps(Kubernetes kubernetes, RunJobs jobs) {
        this.kubernetes = kubernetes;
        this.moves = new Moves(jobs);
        this.pods = new PodRenewal(kubernetes);
    }

    /**
     * What came of some steps.
     *
     * @param change what became of the ring command that was sent; empty when none was
     * @param faults what an administrator should know
     */
    record Taken(Optional<Change> change, List<Fault> faults) {
        Taken {
            faults = List.copyOf(faults);
        }
    }

    /**
     * Takes them in their order.
     *
     * @throws io.lilio.operator.admin.AdminApiException when the admin API refuses what it should
     *     not
     * @throws io.lilio.operator.admin.AdminApiUnreachableException when it does not answer
     */
    Taken take(
            LilioCluster cluster, AdminApi admin, Desired desired, List<Step> steps, Instant now) {
        Optional<Change> change = Optional.empty();
        List<Fault> faults = new ArrayList<>();
        for (Step step : steps) {
            switch (step) {
                case Step.Ask ask ->
                        change =
                                Optional.of(
                                        new RingAsking(admin.ring())
                                                .ask(
                                                        ask.operation(),
                                                        ask.places(),
                                                        desired.acceptsDataLoss()));
                case Step.Cancel(UUID id, long epoch) ->
                        new RingAsking(admin.ring()).cancel(id, epoch);
                case Step.Move(UUID id) ->
                        moves.see(cluster, admin.operations(), id, now).ifPresent(faults::add);
                case Step.Shrink shrink -> shrink(cluster, admin, shrink);
                case Step.Evict(String pod, String uid) ->
                        pods.evict(cluster, pod, uid).ifPresent(faults::add);
                case Step.Renew renew -> renew(cluster, admin, renew).ifPresent(faults::add);
            }
        }
        return new Taken(change, faults);
    }

    private void shrink(LilioCluster cluster, AdminApi admin, Step.Shrink shrink) {
        Names names = Names.of(cluster);
        Optional<StatefulSet> set =
                kubernetes.get(StatefulSet.class, names.namespace(), names.storageNodes());
        if (set.filter(live -> live.getSpec().getReplicas() == shrink.to() + 1).isEmpty()) {
            return; // done already, or something else is afoot
        }
        String pod = names.storageNode(shrink.to());
        List<RingMember> members = admin.ring().ring().members();
        boolean removed =
                shrink.removed().stream()
                        .allMatch(id -> members.stream().anyMatch(each -> isRemoved(each, id)));
        boolean empty =
                members.stream()
                        .filter(member -> member.node().equals(pod))
                        .allMatch(member -> member.state().equals("REMOVED"));
        if (removed && empty) {
            mark(cluster, pod, shrink.removed());
            kubernetes.scale(set.get(), shrink.to());
        }
    }

    private static boolean isRemoved(RingMember member, UUID id) {
        return member.id().equals(id) && member.state().equals("REMOVED");
    }

    private void mark(LilioCluster cluster, String pod, List<UUID> removed) {
        if (removed.isEmpty()) {
            return;
        }
        for (String name : RemovedVolume.claims(cluster, pod)) {
            pods.claim(cluster, name).ifPresent(claim -> mark(cluster, claim, removed));
        }
    }

    /** It is for people: a claim that somebody else has put there stays as it is. */
    private void mark(LilioCluster cluster, PersistentVolumeClaim claim, List<UUID> removed) {
        String name = claim.getMetadata().getName();
        PersistentVolumeClaim marked = RemovedVolume.of(cluster, name, removed);
        marked.getMetadata().setResourceVersion(claim.getMetadata().getResourceVersion());
        try {
            kubernetes.apply(marked);
        } catch (ForeignObjectException _) {
            LOG.info("PersistentVolumeClaim {} is somebody else's, and is not marked", name);
        }
    }

    private Optional<Fault> renew(LilioCluster cluster, AdminApi admin, Step.Renew renew) {
        Optional<RingMember> member =
                admin.ring().ring().members().stream()
                        .filter(each -> each.id().equals(renew.member()))
                        .filter(each -> each.node().equals(renew.pod()))
                        .filter(each -> List.of("REMOVED", "LOST").contains(each.state()))
                        .findFirst();
        if (member.isEmpty()) {
            return Optional.empty();
        }
        String name = Names.of(cluster).claim(member.get().name(), renew.pod());
        return pods.renew(cluster, pods.claim(cluster, name), renew.pod(), renew.uid());
    }
}
