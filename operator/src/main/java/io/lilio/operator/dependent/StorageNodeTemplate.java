package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.crd.cluster.PodSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What storage pods are made from. */
final class StorageNodeTemplate {

    /** What a storage node takes after its last request: flush, close databases and disks. */
    private static final Duration CLOSING = Duration.ofSeconds(25);

    private static final Map<String, Quantity> DEFAULT_REQUESTS =
            Map.of("cpu", new Quantity("250m"), "memory", new Quantity("1Gi"));

    private static final Map<String, Quantity> DEFAULT_LIMITS =
            Map.of("memory", new Quantity("1Gi"));

    private StorageNodeTemplate() {}

    /** With everything but the annotation that identifies it. */
    static PodTemplateSpec of(LilioCluster cluster) {
        Optional<PodSettings> settings = Optional.ofNullable(cluster.getSpec().pod());
        Map<String, String> labels =
                new TreeMap<>(settings.map(PodSettings::labels).orElse(Map.of()));
        labels.putAll(Labels.of(cluster, Component.STORAGE_NODE));
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(
                        new TreeMap<>(settings.map(PodSettings::annotations).orElse(Map.of())))
                .endMetadata()
                .withSpec(pod(cluster, settings).build())
                .build();
    }

    private static PodSpecBuilder pod(LilioCluster cluster, Optional<PodSettings> settings) {
        Duration grace =
                StorageNodeConfig.SHUTDOWN_DELAY
                        .plus(StorageNodeConfig.SHUTDOWN_TIMEOUT)
                        .plus(CLOSING);
        return PodSkeleton.of(cluster)
                .withTerminationGracePeriodSeconds(grace.toSeconds())
                .withAffinity(
                        settings.map(PodSettings::affinity)
                                .orElseGet(() -> Scheduling.apart(cluster, Component.STORAGE_NODE)))
                .withTopologySpreadConstraints(
                        settings.map(PodSettings::topologySpreadConstraints)
                                .filter(own -> !own.isEmpty())
                                .orElseGet(() -> Scheduling.even(cluster, Component.STORAGE_NODE)))
                .withContainers(container(cluster))
                .withVolumes(new ServerFiles(cluster).volumes());
    }

    private static Container container(LilioCluster cluster) {
        LilioClusterSpec spec = cluster.getSpec();
        ServerFiles files = new ServerFiles(cluster);
        ResourceRequirements resources =
                Optional.ofNullable(spec.resources())
                        .orElseGet(StorageNodeTemplate::defaultResources);
        List<EnvVar> variables = new ArrayList<>(ofNode(Names.of(cluster)));
        variables.addAll(files.variables());
        variables.addAll(MemoryShares.of(resources).variables());
        List<VolumeMount> mounts = new ArrayList<>(StorageVolumes.mounts(cluster));
        mounts.addAll(files.mounts());
        return ServerContainer.of(spec, "storage-node")
                .withPorts(
                        Port.S3.inContainer(),
                        Port.ADMIN.inContainer(),
                        Port.RPC.inContainer(),
                        Port.MANAGEMENT.inContainer())
                .withEnv(variables)
                .withVolumeMounts(mounts)
                .withResources(resources)
                // A start waits for etcd, the other founders and its predecessor's session, alive:
                // an hour, since nothing is gained by starting over.
                .withStartupProbe(Probes.http(Port.MANAGEMENT, "/q/health/started", 2, 1_800))
                .withLivenessProbe(Probes.http(Port.MANAGEMENT, "/q/health/live", 10, 6))
                .withReadinessProbe(Probes.http(Port.MANAGEMENT, "/q/health/ready", 5, 3))
                .build();
    }

    /** Who and where this node is; the address outlives the pod. */
    private static List<EnvVar> ofNode(Names names) {
        String address = names.address("$(LILIO_NODE_NAME)", names.nodesService());
        return List.of(
                Variables.ofPod("LILIO_NODE_NAME", "metadata.name"),
                Variables.ofPod("LILIO_NODE_HOST", "spec.nodeName"),
                Variables.plain("LILIO_RPC_ADDRESS", address + ":" + Port.RPC.number()));
    }

    private static ResourceRequirements defaultResources() {
        return new ResourceRequirementsBuilder()
                .withRequests(DEFAULT_REQUESTS)
                .withLimits(DEFAULT_LIMITS)
                .build();
    }
}
