package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.lilio.crd.cluster.LilioCluster;

/**
 * The Job that carries out one run. It is made once and never changed, as Kubernetes would have it;
 * whether the run has ended well is told by its record in the metadata, not by the Job.
 */
public final class MaintenanceJob {

    /** The annotation that tells the run's id. */
    public static final String OPERATION = "lilio.io/operation";

    private MaintenanceJob() {}

    /**
     * As it is to be.
     *
     * @param operation the run's id; of a rebalance, that of the ring's change
     */
    public static Job of(LilioCluster cluster, MaintenanceKind kind, String operation) {
        return new JobBuilder()
                .withMetadata(
                        ObjectMetas.owned(
                                        cluster,
                                        Component.JOB,
                                        Names.of(cluster).run(kind, operation))
                                .addToAnnotations(OPERATION, operation)
                                .build())
                .withSpec(new RunTemplate(cluster, kind).of(operation))
                .build();
    }
}
