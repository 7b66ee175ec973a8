package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.lilio.crd.cluster.JobSpec;
import io.lilio.crd.cluster.LilioCluster;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The CronJobs of the kinds of maintenance that begin by themselves. */
public final class MaintenanceSchedule {

    /**
     * Each run has an id of its own, the name of its Job, which tells the minute that it was due. A
     * pod that takes another's place in the same Job goes on with the same run.
     */
    private static final String JOB_NAME = "metadata.labels['batch.kubernetes.io/job-name']";

    private static final String VARIABLE = "OPERATION";

    /** A run that could not begin within that is left to the next time. */
    private static final long LATEST_START_SECONDS = 3_600;

    private MaintenanceSchedule() {}

    /**
     * All of a cluster.
     *
     * @param held whether none is to begin now, besides while the spec says {@code paused}
     */
    public static List<CronJob> of(LilioCluster cluster, boolean held) {
        return Arrays.stream(MaintenanceKind.values())
                .flatMap(kind -> of(cluster, kind, held).stream())
                .toList();
    }

    /** Empty for a kind that never begins by itself. */
    private static Optional<CronJob> of(LilioCluster cluster, MaintenanceKind kind, boolean held) {
        Names names = Names.of(cluster);
        Optional<String> written = kind.in(cluster.getSpec()).map(JobSpec::schedule);
        return kind.defaultSchedule(names)
                .map(
                        usual ->
                                new CronJobBuilder()
                                        .withMetadata(
                                                ObjectMetas.owned(
                                                                cluster,
                                                                Component.JOB,
                                                                names.schedule(kind))
                                                        .build())
                                        .withNewSpec()
                                        .withSchedule(written.orElse(usual))
                                        .withSuspend(held || cluster.getSpec().paused())
                                        .withConcurrencyPolicy("Forbid")
                                        .withStartingDeadlineSeconds(LATEST_START_SECONDS)
                                        .withSuccessfulJobsHistoryLimit(1)
                                        .withFailedJobsHistoryLimit(1)
                                        .withNewJobTemplate()
                                        .withNewMetadata()
                                        .withLabels(Labels.of(cluster, Component.JOB))
                                        .endMetadata()
                                        .withSpec(
                                                new RunTemplate(cluster, kind)
                                                        .of(
                                                                "$(" + VARIABLE + ")",
                                                                Variables.ofPod(
                                                                        VARIABLE, JOB_NAME)))
                                        .endJobTemplate()
                                        .endSpec()
                                        .build());
    }
}
