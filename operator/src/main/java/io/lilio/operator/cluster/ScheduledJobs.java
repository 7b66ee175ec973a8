package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.cluster.PodSight.Trouble;
import io.lilio.operator.dependent.Component;
import io.lilio.operator.dependent.Labels;
import io.lilio.operator.dependent.MaintenanceKind;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.Ownership;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of a cluster's schedules whose pods cannot start: for want of an image, say, or of room. A
 * schedule begins nothing more while its last Job is there, and a Job is never changed; so one that
 * was made from another template than the schedule has by now gives way to one of the same name,
 * and so of the same run, that is made from that. Thread-safe.
 */
final class ScheduledJobs {

    /** The label that Kubernetes gives the pods of a Job. */
    private static final String JOB_NAME = "batch.kubernetes.io/job-name";

    /** A machine that is being added, or an image that is pulled, may take as long. */
    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private final Kubernetes kubernetes;

    ScheduledJobs(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * Sees to them.
     *
     * @param cluster not paused
     * @return what an administrator should know
     */
    List<Fault> see(LilioCluster cluster, Instant now) {
        return kubernetes
                .list(
                        Pod.class,
                        Names.of(cluster).namespace(),
                        Labels.selecting(cluster, Component.JOB))
                .stream()
                .map(PodSight::of)
                .filter(pod -> !pod.isGoing())
                .map(pod -> see(cluster, pod, now))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Fault> see(LilioCluster cluster, PodSight pod, Instant now) {
        Optional<Job> job = pod.trouble().flatMap(_ -> job(pod.pod()));
        Optional<CronJob> schedule = job.flatMap(each -> schedule(cluster, each));
        if (job.isEmpty() || schedule.isEmpty() || !isLate(job.get(), now)) {
            return Optional.empty();
        }
        if (!template(job.get()).equals(template(schedule.get()))) {
            kubernetes.delete(job.get());
            kubernetes.create(again(job.get(), schedule.get()));
        }
        return pod.trouble().map(trouble -> fault(job.get(), trouble));
    }

    private Optional<Job> job(Pod pod) {
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        return Optional.ofNullable(labels.get(JOB_NAME))
                .flatMap(name -> kubernetes.get(Job.class, pod.getMetadata().getNamespace(), name));
    }

    private Optional<CronJob> schedule(LilioCluster cluster, Job job) {
        Names names = Names.of(cluster);
        return Arrays.stream(MaintenanceKind.values())
                .map(names::schedule)
                .filter(schedule -> job.getMetadata().getName().startsWith(schedule + "-"))
                .map(schedule -> kubernetes.get(CronJob.class, names.namespace(), schedule))
                .flatMap(Optional::stream)
                .filter(schedule -> Ownership.isOwned(job, schedule))
                .findFirst();
    }

    private static boolean isLate(Job job, Instant now) {
        @Nullable String made = job.getMetadata().getCreationTimestamp();
        return made != null && RunJobs.isOver(Instant.parse(made), LONGEST_START, now);
    }

    private static PodSpec template(Job job) {
        return job.getSpec().getTemplate().getSpec();
    }

    private static PodSpec template(CronJob schedule) {
        return schedule.getSpec().getJobTemplate().getSpec().getTemplate().getSpec();
    }

    private static Job again(Job job, CronJob schedule) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(job.getMetadata().getName())
                .withNamespace(job.getMetadata().getNamespace())
                .withLabels(schedule.getSpec().getJobTemplate().getMetadata().getLabels())
                .withOwnerReferences(job.getMetadata().getOwnerReferences())
                .endMetadata()
                .withSpec(schedule.getSpec().getJobTemplate().getSpec())
                .build();
    }

    private static Fault fault(Job job, Trouble trouble) {
        return Fault.degrading(
                ClusterReason.JOB_FAILED,
                "Job %s has not begun since %s: %s"
                        .formatted(
                                job.getMetadata().getName(),
                                job.getMetadata().getCreationTimestamp(),
                                trouble.message()));
    }
}
