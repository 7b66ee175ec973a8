package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.MaintenanceJob;
import io.lilio.operator.dependent.MaintenanceKind;
import io.lilio.operator.dependent.Names;
import io.lilio.operator.kube.Kubernetes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Has Jobs carry out runs. The run's record tells whether it is over, never its Job: one that has
 * ended before the run, or has vanished, is made again, later each time.
 */
final class RunJobs {

    /** How often the Job of a run was made, on each of its Jobs. */
    static final String ATTEMPT = "lilio.io/attempt";

    /** So many attempts, and somebody should look; it is tried on, as rarely as it is by then. */
    private static final int EXHAUSTED = 5;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** A Job that has not taken up its run after that has no pod that runs. */
    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private final Kubernetes kubernetes;

    RunJobs(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * Sees to it that a run which is not over is carried out.
     *
     * @param fresh whether the run was asked for just now
     * @return what an administrator should know
     */
    Optional<Fault> see(
            LilioCluster cluster,
            MaintenanceKind kind,
            OperationStatus run,
            boolean fresh,
            Instant now) {
        Names names = Names.of(cluster);
        Optional<Job> job = kubernetes.get(Job.class, names.namespace(), names.run(kind, run.id()));
        if (job.isEmpty()) {
            // Whoever ran it may be about to end, and a Job that keeps vanishing is made slowly.
            if (fresh || isOver(run.updated(), FIRST_PAUSE, now)) {
                kubernetes.create(job(cluster, kind, run.id(), 1));
            }
            return Optional.empty();
        }
        Job there = job.get();
        Optional<Instant> ended = ended(there);
        if (ended.isEmpty()) {
            return begins(cluster, kind, there, run, now);
        }
        int attempt = attempt(there);
        if (isOver(ended.get(), pause(attempt), now)) {
            again(cluster, kind, there, run, attempt);
        }
        return attempt >= EXHAUSTED
                ? Optional.of(failed(kind, run, there, attempt))
                : Optional.empty();
    }

    /** Whether a Job is on its way: made, and not ended. */
    boolean isUnderWay(LilioCluster cluster, String name) {
        return kubernetes
                .get(Job.class, Names.of(cluster).namespace(), name)
                .filter(job -> ended(job).isEmpty())
                .isPresent();
    }

    private static Job job(LilioCluster cluster, MaintenanceKind kind, String run, int attempt) {
        return new JobBuilder(MaintenanceJob.of(cluster, kind, run))
                .editMetadata()
                .addToAnnotations(ATTEMPT, Integer.toString(attempt))
                .endMetadata()
                .build();
    }

    /**
     * A Job is never changed, so that one whose pod has no image, or no room, would not get it when
     * the spec is put right: it gives way to one that is made from the spec as it is by then. What
     * its pod may have done meanwhile is gone on with.
     */
    private Optional<Fault> begins(
            LilioCluster cluster, MaintenanceKind kind, Job job, OperationStatus run, Instant now) {
        @Nullable String created = job.getMetadata().getCreationTimestamp();
        if (created == null) {
            return Optional.empty();
        }
        boolean requested = run.state().equals("REQUESTED");
        Instant made = Instant.parse(created);
        Instant since = requested || made.isAfter(run.updated()) ? made : run.updated();
        Duration patience = requested ? LONGEST_START : LONGEST_PAUSE;
        if (!isOver(since, patience, now)) {
            return Optional.empty();
        }
        int attempt = attempt(job);
        if (isOver(since, pause(attempt), now)) {
            again(cluster, kind, job, run, attempt);
        }
        return Optional.of(
                Fault.degrading(
                        ClusterReason.JOB_FAILED,
                        "Job %s has not begun since %s, and is made again: see the events of its pod"
                                .formatted(job.getMetadata().getName(), since)));
    }

    private void again(
            LilioCluster cluster, MaintenanceKind kind, Job job, OperationStatus run, int attempt) {
        kubernetes.delete(job);
        kubernetes.create(job(cluster, kind, run.id(), attempt + 1));
    }

    private static Fault failed(MaintenanceKind kind, OperationStatus run, Job job, int attempts) {
        return Fault.degrading(
                ClusterReason.JOB_FAILED,
                ("%s %s is not over after %d attempts: see the log of Job %s; it is tried again"
                                + " every %d minutes")
                        .formatted(
                                kind.text(),
                                run.id(),
                                attempts,
                                job.getMetadata().getName(),
                                LONGEST_PAUSE.toMinutes()));
    }

    private static int attempt(Job job) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(job.getMetadata().getAnnotations(), Map.of());
        String text = annotations.getOrDefault(ATTEMPT, "1");
        return text.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text) : 1;
    }

    /** How long after the n-th attempt the next one is made. */
    static Duration pause(int attempt) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.clamp(attempt - 1L, 0, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    static boolean isOver(Instant since, Duration pause, Instant now) {
        return !now.isBefore(since.plus(pause));
    }

    /** When a Job ended, well or not; empty when it has not. */
    private static Optional<Instant> ended(Job job) {
        List<JobCondition> conditions =
                Optional.ofNullable(job.getStatus())
                        .map(JobStatus::getConditions)
                        .orElse(List.of());
        return conditions.stream()
                .filter(each -> List.of("Complete", "Failed").contains(each.getType()))
                .filter(each -> "True".equals(each.getStatus()))
                .findFirst()
                .map(each -> each.getLastTransitionTime())
                .map(Instant::parse);
    }
}
