package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import io.lilio.crd.cluster.LilioCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What Jobs are made from: a process of the storage node's image that carries out one run and ends.
 * It is not tried again by Kubernetes when it fails, for the exit code alone does not say whether
 * that makes sense; but a pod that was evicted, or whose machine went, is followed by another,
 * which goes on where it was.
 */
final class RunTemplate {

    private static final int KEPT_SECONDS = 3_600;

    /** A run is left off at SIGTERM within 20 s. */
    private static final long GRACE_SECONDS = 30;

    private static final Map<String, Quantity> DEFAULT_REQUESTS =
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("768Mi"));

    private static final Map<String, Quantity> DEFAULT_LIMITS =
            Map.of("memory", new Quantity("768Mi"));

    private final LilioCluster cluster;
    private final MaintenanceKind kind;

    RunTemplate(LilioCluster cluster, MaintenanceKind kind) {
        this.cluster = cluster;
        this.kind = kind;
    }

    /**
     * @param operation the run's id, or {@code $(NAME)} of a variable
     * @param variables that the id is made of
     */
    JobSpec of(String operation, EnvVar... variables) {
        return new JobSpecBuilder()
                .withBackoffLimit(0)
                .withNewPodFailurePolicy()
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .endOnPodCondition()
                .endRule()
                .endPodFailurePolicy()
                .withTtlSecondsAfterFinished(KEPT_SECONDS)
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Labels.of(cluster, Component.JOB))
                .endMetadata()
                .withSpec(pod(operation, variables))
                .endTemplate()
                .build();
    }

    private PodSpec pod(String operation, EnvVar... variables) {
        List<Volume> volumes = new ArrayList<>();
        // A process has a data directory, of which a job needs next to nothing.
        volumes.add(ServerFiles.scratch(StorageVolumes.DATA, new Quantity("256Mi")));
        volumes.addAll(new ServerFiles(cluster).volumes());
        return PodSkeleton.of(cluster)
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withContainers(container(operation, variables))
                .withVolumes(volumes)
                .build();
    }

    private Container container(String operation, EnvVar... variables) {
        ServerFiles files = new ServerFiles(cluster);
        ResourceRequirements resources =
                kind.in(cluster.getSpec())
                        .map(settings -> settings.resources())
                        .orElseGet(RunTemplate::defaultResources);
        List<EnvVar> all = new ArrayList<>(Arrays.asList(variables));
        all.addAll(files.variables());
        all.addAll(MemoryShares.of(resources).variables());
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(ServerFiles.mount(StorageVolumes.DATA, ServerFiles.DATA));
        mounts.addAll(files.mounts());
        return ServerContainer.of(cluster.getSpec(), kind.text())
                .withArgs(arguments(operation))
                .withEnv(all)
                .withVolumeMounts(mounts)
                .withResources(resources)
                .build();
    }

    private List<String> arguments(String operation) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("job", kind.text(), "--operation", operation));
        kind.in(cluster.getSpec())
                .map(settings -> settings.maxBytesPerSecond())
                .ifPresent(
                        most ->
                                arguments.addAll(
                                        List.of("--max-bytes-per-second", most.toString())));
        return arguments;
    }

    private static ResourceRequirements defaultResources() {
        return new ResourceRequirementsBuilder()
                .withRequests(DEFAULT_REQUESTS)
                .withLimits(DEFAULT_LIMITS)
                .build();
    }
}
