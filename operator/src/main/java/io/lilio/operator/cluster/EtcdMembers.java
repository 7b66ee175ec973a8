package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.EtcdMember;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.admin.EtcdException;
import io.lilio.operator.admin.EtcdMembership;
import io.lilio.operator.admin.EtcdMembership.Entry;
import io.lilio.operator.cluster.EtcdReplacement.Act;
import io.lilio.operator.cluster.EtcdSight.Member;
import io.lilio.operator.cluster.EtcdSight.State;
import io.lilio.operator.dependent.Component;
import io.lilio.operator.dependent.EtcdSet;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees who belongs to a managed etcd, and replaces a member that has lost its volume, as {@link
 * EtcdReplacement} has it: one act a pass. Etcd is asked when something is new only. Thread-safe.
 */
final class EtcdMembers {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdMembers.class);

    private final Kubernetes kubernetes;
    private final EtcdMembership etcds;
    private final PodRenewal pods;

    EtcdMembers(Kubernetes kubernetes, EtcdMembership etcds) {
        this.kubernetes = kubernetes;
        this.etcds = etcds;
        this.pods = new PodRenewal(kubernetes);
    }

    /**
     * What came of a look.
     *
     * @param records what status is to say before anything more is done; empty where it says so
     * @param fault that a member is being replaced or let in, and how far that is
     */
    record Seen(Optional<List<EtcdMember>> records, Optional<Fault> fault) {

        private static final Seen NOTHING = new Seen(Optional.empty(), Optional.empty());

        private static Seen replacing(Fault fault) {
            return new Seen(Optional.empty(), Optional.of(fault));
        }
    }

    /** A member, and its pod, if there is one that stays. */
    private record Found(Member member, Optional<Pod> pod) {}

    /**
     * Looks, and does what is to be done next.
     *
     * @param cluster with the status that was read last; not paused
     * @param etcd as it was read
     */
    Seen see(LilioCluster cluster, Optional<StatefulSet> etcd) {
        if (etcd.filter(EtcdSet::tellsOfFounded).isEmpty()) {
            return Seen.NOTHING;
        }
        List<Found> found = found(cluster, etcd.flatMap(EtcdSet::members).orElse(0));
        List<Member> members = found.stream().map(Found::member).toList();
        List<EtcdMember> records = records(cluster);
        if (!EtcdReplacement.asksEtcd(records, members)) {
            return Seen.NOTHING;
        }
        EtcdSight sight =
                new EtcdSight(members, ask(cluster, members), admitted(etcd.get(), members));
        Act act = EtcdReplacement.next(records, sight);
        if (act instanceof Act.Note(List<EtcdMember> next)) {
            return new Seen(Optional.of(next), Optional.empty());
        }
        return EtcdReplacement.lost(records)
                .filter(_ -> !(act instanceof Act.Nothing))
                .map(lost -> Seen.replacing(replace(cluster, lost, found, act)))
                .orElse(Seen.NOTHING);
    }

    /**
     * What holds where so many members have lost their volumes that the others are no majority:
     * none of them is let in, since nobody is left who could tell it what was acknowledged.
     *
     * @param etcd as it was read
     */
    Optional<Fault> majorityLost(LilioCluster cluster, Optional<StatefulSet> etcd) {
        if (etcd.filter(EtcdSet::tellsOfFounded).isEmpty()) {
            return Optional.empty();
        }
        List<Member> members =
                found(cluster, etcd.flatMap(EtcdSet::members).orElse(0)).stream()
                        .map(Found::member)
                        .toList();
        long lost = EtcdReplacement.withoutData(records(cluster), members);
        return members.size() - lost >= members.size() / 2 + 1
                ? Optional.empty()
                : Optional.of(
                        Fault.holding(
                                ClusterReason.ETCD_VOLUMES_LOST,
                                ("%d of %d members of etcd have lost their volumes: everything is"
                                                + " held; put a backup back (docs/kubernetes.md)")
                                        .formatted(lost, members.size())));
    }

    /** What status says of its members. */
    static List<EtcdMember> records(LilioCluster cluster) {
        @Nullable LilioClusterStatus status = cluster.getStatus();
        return status == null ? List.of() : status.etcdMembers();
    }

    private static Set<String> admitted(StatefulSet etcd, List<Member> members) {
        return members.stream()
                .map(Member::name)
                .filter(member -> EtcdSet.admits(etcd, member))
                .collect(Collectors.toSet());
    }

    /** Claims are looked at first: while a pod is there, so is the claim that it was made with. */
    private List<Found> found(LilioCluster cluster, int members) {
        Names names = Names.of(cluster);
        Map<String, PersistentVolumeClaim> claims = byName(cluster, PersistentVolumeClaim.class);
        Map<String, Pod> all = byName(cluster, Pod.class);
        return IntStream.range(0, members)
                .mapToObj(
                        ordinal ->
                                found(
                                        names,
                                        ordinal,
                                        Optional.ofNullable(claims.get(names.etcdClaim(ordinal))),
                                        Optional.ofNullable(all.get(names.etcdMember(ordinal)))))
                .toList();
    }

    private <T extends HasMetadata> Map<String, T> byName(LilioCluster cluster, Class<T> kind) {
        return kubernetes
                .list(
                        kind,
                        Names.of(cluster).namespace(),
                        Labels.selecting(cluster, Component.ETCD))
                .stream()
                .collect(
                        Collectors.toMap(
                                each -> each.getMetadata().getName(), Function.identity()));
    }

    private static Found found(
            Names names, int ordinal, Optional<PersistentVolumeClaim> claim, Optional<Pod> any) {
        Optional<Pod> pod = any.filter(each -> !PodSight.of(each).isGoing());
        String name = names.etcdMember(ordinal);
        return new Found(
                new Member(
                        name,
                        names.etcdPeer(ordinal),
                        claim.map(each -> each.getMetadata().getUid()),
                        pod.map(PodSight::of).map(EtcdMembers::state).orElse(State.ABSENT),
                        pod.filter(each -> EtcdSet.admits(each.getSpec(), name)).isPresent()),
                pod);
    }

    private static State state(PodSight pod) {
        if (pod.serves()) {
            return State.SERVING;
        }
        return pod.hasFailed() ? State.FAILED : State.STARTING;
    }

    /** Each that serves; who does not answer all the same is not heard. */
    private Map<String, List<Entry>> ask(LilioCluster cluster, List<Member> members) {
        Map<String, List<Entry>> answers = new HashMap<>();
        for (int ordinal = 0; ordinal < members.size(); ordinal++) {
            Member member = members.get(ordinal);
            if (member.state() == State.SERVING) {
                try {
                    answers.put(member.name(), etcds.list(Names.of(cluster).etcdClient(ordinal)));
                } catch (EtcdException e) {
                    LOG.info("Etcd does not tell its members: {}", e.getMessage());
                }
            }
        }
        return answers;
    }

    private Fault replace(LilioCluster cluster, EtcdMember lost, List<Found> all, Act act) {
        LOG.info("Etcd member {}: {}", lost, act);
        try {
            return carryOut(cluster, lost, all, act).orElseGet(() -> fault(lost, sentence(act)));
        } catch (EtcdException e) {
            return fault(
                    lost,
                    "etcd did not do what it was asked for, so it is asked again: "
                            + e.getMessage());
        } catch (KubernetesException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            return fault(lost, "Kubernetes refuses what is to be done: " + e.getMessage());
        }
    }

    private static Fault fault(EtcdMember lost, String now) {
        return Fault.degrading(
                ClusterReason.ETCD_MEMBER_LOST,
                (lost.id() == null
                                ? "etcd member %s has no data, and is let in: %s"
                                : "etcd member %s has lost its volume, and is replaced: %s")
                        .formatted(lost.pod(), now));
    }

    private static String sentence(Act act) {
        return switch (act) {
            case Act.Await(String what) -> what;
            case Act.Remove _ -> "its former entry is removed";
            case Act.Renew _ -> "its pod gets one more volume, which nothing has begun on";
            case Act.Add _ -> "etcd gets a new entry for it";
            case Act.Restart _ -> "its pod is made anew, since it could not begin";
            case Act.Nothing _, Act.Note _ -> "";
        };
    }

    /** What keeps its pod from going. */
    private Optional<Fault> carryOut(
            LilioCluster cluster, EtcdMember lost, List<Found> all, Act act) {
        Found found =
                all.stream()
                        .filter(each -> each.member().name().equals(lost.pod()))
                        .findFirst()
                        .orElseThrow();
        int ordinal = all.indexOf(found);
        URI other = Names.of(cluster).etcdClient(ordinal == 0 ? 1 : 0);
        return switch (act) {
            case Act.Remove(String id) -> {
                etcds.remove(other, id);
                yield Optional.empty();
            }
            case Act.Renew(String volume) -> renew(cluster, found, ordinal, volume);
            case Act.Add(URI peer) -> {
                etcds.add(other, peer);
                yield restart(cluster, found);
            }
            case Act.Restart _ -> restart(cluster, found);
            case Act.Await _, Act.Nothing _, Act.Note _ -> Optional.empty();
        };
    }

    private Optional<Fault> renew(LilioCluster cluster, Found found, int ordinal, String volume) {
        Optional<PersistentVolumeClaim> claim =
                pods.claim(cluster, Names.of(cluster).etcdClaim(ordinal))
                        .filter(each -> each.getMetadata().getUid().equals(volume));
        return claim.isEmpty()
                ? Optional.empty()
                : found.pod()
                        .flatMap(
                                pod -> pods.renew(cluster, claim, found.member().name(), uid(pod)));
    }

    /** One that was not let in waits before it tries again, for minutes in the end. */
    private Optional<Fault> restart(LilioCluster cluster, Found found) {
        return found.pod()
                .filter(_ -> found.member().state() == State.FAILED)
                .flatMap(pod -> pods.evict(cluster, found.member().name(), uid(pod)));
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
