package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The StatefulSet of a managed etcd. All members are started at once, since none gets ready alone;
 * none is restarted by Kubernetes because the template has changed.
 *
 * <p>A member that starts with no data finds its name in {@code ETCD_INITIAL_CLUSTER}, and takes up
 * the identity that the others know by the address there. If that one had been there before, it has
 * forgotten what it acknowledged, and votes all the same: what a majority had is lost where those
 * who never had it elect a leader with its help. So once etcd was founded, members stand there
 * under names that no pod has: one that has no data ends at once (etcd's {@code hasLocalMember}),
 * before it has spoken to anybody, and one that has data does not look. Only who has nothing to
 * forget stands there by its own name ({@link State.Founded#admitted}). To withhold the address
 * that a member advertises would not do: etcd compares that one only where a cluster is founded.
 */
public final class EtcdSet {

    static final String DATA = "data";

    private static final String CLUSTER = "ETCD_INITIAL_CLUSTER";
    private static final String STATE = "ETCD_INITIAL_CLUSTER_STATE";
    private static final String EXISTING = "existing";

    /** Makes a name that is no pod's: these end with a number. */
    private static final String NOT_ADMITTED = "-not-admitted";

    /** Below the mount, so that etcd makes it with the permissions that it wants. */
    private static final String DIRECTORY = "/var/lib/etcd/data";

    /** The most that etcd recommends. */
    private static final long LARGEST_QUOTA = 8 * Bytes.GIB;

    /** Room for etcd's log and snapshots beside its database. */
    private static final long LOG_BYTES = Bytes.GIB / 2;

    /** No limit of memory: what it needs grows with the keys, and nobody can set it yet. */
    private static final Map<String, Quantity> REQUESTS =
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("256Mi"));

    private static final long GRACE_SECONDS = 30;

    /** Which members begin where they have no data. */
    public sealed interface State {

        /** None has been founded: they found one together. */
        record Founding() implements State {}

        /**
         * It was founded, and who begins takes up the identity that etcd has for it.
         *
         * @param admitted names of the members that may; all others have to have data
         */
        record Founded(Set<String> admitted) implements State {
            public Founded {
                admitted = Set.copyOf(admitted);
            }
        }
    }

    /**
     * What it depends on besides the resource.
     *
     * @param image of etcd, 3.5 or newer
     * @param members that there are to be; not the spec's number, as a member joins and leaves by
     *     command only
     * @param state who begins with no data
     * @param volumeSize of each member, as the StatefulSet that is there has it, since that cannot
     *     be changed; the spec's while there is none
     */
    public record Given(String image, int members, State state, Quantity volumeSize) {}

    private EtcdSet() {}

    /** As it is to be. */
    public static StatefulSet of(LilioCluster cluster, Given given) {
        Names names = Names.of(cluster);
        return new StatefulSetBuilder()
                .withMetadata(ObjectMetas.owned(cluster, Component.ETCD, names.etcd()).build())
                .withNewSpec()
                .withReplicas(given.members())
                .withServiceName(names.etcdMembersService())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withSelector(Labels.selector(cluster, Component.ETCD))
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Labels.of(cluster, Component.ETCD))
                .endMetadata()
                .withSpec(pod(cluster, given))
                .endTemplate()
                .withVolumeClaimTemplates(
                        StorageVolumes.claim(cluster, Component.ETCD, DATA, given.volumeSize()))
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted("Retain")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .endSpec()
                .build();
    }

    /**
     * With how many members an etcd was founded, whatever somebody has made of the StatefulSet's
     * replicas since.
     *
     * @return empty when the template does not tell
     */
    public static Optional<Integer> members(StatefulSet set) {
        return variable(pod(set), CLUSTER).map(all -> all.split(",", -1).length);
    }

    /** Whether a StatefulSet says already that its etcd was founded. */
    public static boolean tellsOfFounded(StatefulSet set) {
        return variable(pod(set), STATE).filter(EXISTING::equals).isPresent();
    }

    /** Whether a StatefulSet makes pods as which a member begins where it has no data. */
    public static boolean admits(StatefulSet set, String member) {
        return admits(pod(set), member);
    }

    /** The same of a pod. */
    public static boolean admits(PodSpec pod, String member) {
        return variable(pod, CLUSTER).stream()
                .flatMap(all -> Stream.of(all.split(",", -1)))
                .anyMatch(each -> each.startsWith(member + "="));
    }

    private static PodSpec pod(StatefulSet set) {
        return set.getSpec().getTemplate().getSpec();
    }

    private static Optional<String> variable(PodSpec pod, String name) {
        return pod.getContainers().stream()
                .flatMap(container -> container.getEnv().stream())
                .filter(variable -> name.equals(variable.getName()))
                .map(EnvVar::getValue)
                .filter(value -> value != null && !value.isEmpty())
                .findFirst();
    }

    /**
     * How large the database may grow, in bytes: by what the volume holds, twice, since a member
     * that has fallen behind is sent the whole of it while it still has its own.
     */
    static long quota(Quantity volume) {
        return Math.clamp((Bytes.of(volume) - LOG_BYTES) / 2, LOG_BYTES / 2, LARGEST_QUOTA);
    }

    private static PodSpec pod(LilioCluster cluster, Given given) {
        return PodSkeleton.of(cluster)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withAffinity(Scheduling.apart(cluster, Component.ETCD))
                .withTopologySpreadConstraints(Scheduling.even(cluster, Component.ETCD))
                .withContainers(container(cluster, given))
                .build();
    }

    /**
     * A member that serves no quorum is alive, and so is one that has raised an alarm, which only
     * an administrator can put right: killing it helps nobody.
     */
    private static Container container(LilioCluster cluster, Given given) {
        String alive = "/health?serializable=true&exclude=NOSPACE&exclude=CORRUPT";
        return new ContainerBuilder()
                .withName("etcd")
                .withImage(given.image())
                .withCommand("etcd")
                .withPorts(
                        Port.ETCD_CLIENT.inContainer(),
                        Port.ETCD_PEER.inContainer(),
                        Port.ETCD_METRICS.inContainer())
                .withEnv(variables(cluster, given))
                .withVolumeMounts(ServerFiles.mount(DATA, "/var/lib/etcd"))
                .withResources(new ResourceRequirementsBuilder().withRequests(REQUESTS).build())
                .withSecurityContext(PodSkeleton.containerSecurityContext())
                .withStartupProbe(Probes.http(Port.ETCD_METRICS, alive, 2, 300))
                .withLivenessProbe(Probes.http(Port.ETCD_METRICS, alive, 10, 6))
                .withReadinessProbe(Probes.http(Port.ETCD_METRICS, "/health?exclude=NOSPACE", 5, 3))
                .build();
    }

    private static List<EnvVar> variables(LilioCluster cluster, Given given) {
        Names names = Names.of(cluster);
        String self = names.address("$(ETCD_NAME)", names.etcdMembersService());
        return List.of(
                Variables.ofPod("ETCD_NAME", "metadata.name"),
                Variables.plain("ETCD_DATA_DIR", DIRECTORY),
                Variables.plain("ETCD_LISTEN_CLIENT_URLS", url("0.0.0.0", Port.ETCD_CLIENT)),
                Variables.plain("ETCD_LISTEN_PEER_URLS", url("0.0.0.0", Port.ETCD_PEER)),
                Variables.plain("ETCD_LISTEN_METRICS_URLS", url("0.0.0.0", Port.ETCD_METRICS)),
                Variables.plain("ETCD_ADVERTISE_CLIENT_URLS", url(self, Port.ETCD_CLIENT)),
                Variables.plain("ETCD_INITIAL_ADVERTISE_PEER_URLS", url(self, Port.ETCD_PEER)),
                Variables.plain(CLUSTER, peers(names, given)),
                Variables.plain(STATE, state(given.state())),
                // Members of a cluster of the same name that was there before are strangers.
                Variables.plain("ETCD_INITIAL_CLUSTER_TOKEN", cluster.getMetadata().getUid()),
                Variables.plain(
                        "ETCD_QUOTA_BACKEND_BYTES", Long.toString(quota(given.volumeSize()))),
                Variables.plain("ETCD_AUTO_COMPACTION_MODE", "periodic"),
                Variables.plain("ETCD_AUTO_COMPACTION_RETENTION", "5m"));
    }

    private static String peers(Names names, Given given) {
        return IntStream.range(0, given.members())
                .mapToObj(
                        member ->
                                listed(names.etcdMember(member), given.state())
                                        + "="
                                        + names.etcdPeer(member))
                .collect(Collectors.joining(","));
    }

    /** Under which name a member stands. */
    private static String listed(String member, State state) {
        return switch (state) {
            case State.Founding _ -> member;
            case State.Founded(Set<String> admitted) ->
                    admitted.contains(member) ? member : member + NOT_ADMITTED;
        };
    }

    private static String state(State state) {
        return switch (state) {
            case State.Founding _ -> "new";
            case State.Founded _ -> EXISTING;
        };
    }

    private static String url(String host, Port port) {
        return "http://" + host + ":" + port.number();
    }
}
