package io.lilio.operator.runtime;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What wakes a LilioCluster: its objects, pods and volumes, by their labels. Of all other objects
 * nothing is watched, and so nothing is held in memory. Secrets are not watched at all, since the
 * right to watch those of one label is the right to read all (DESIGN §13, rule 11): what becomes of
 * them is seen by the passes that follow each other anyway.
 */
final class ClusterEventSources {

    /** What the operator made for a cluster, or had made. */
    static final String OWNED = "app.kubernetes.io/managed-by=lilio-operator," + Labels.CLUSTER;

    static final List<Class<? extends HasMetadata>> KINDS =
            List.of(
                    StatefulSet.class,
                    Pod.class,
                    PersistentVolumeClaim.class,
                    Service.class,
                    ConfigMap.class,
                    ServiceAccount.class,
                    PodDisruptionBudget.class,
                    NetworkPolicy.class,
                    Job.class,
                    CronJob.class);

    private ClusterEventSources() {}

    static List<EventSource<?, LilioCluster>> of(EventSourceContext<LilioCluster> context) {
        List<EventSource<?, LilioCluster>> sources = new ArrayList<>();
        for (Class<? extends HasMetadata> kind : KINDS) {
            sources.add(source(kind, context));
        }
        return sources;
    }

    private static <T extends HasMetadata> EventSource<?, LilioCluster> source(
            Class<T> kind, EventSourceContext<LilioCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, LilioCluster.class)
                        .withName(kind.getSimpleName().toLowerCase(Locale.ROOT))
                        .withLabelSelector(OWNED)
                        .withSecondaryToPrimaryMapper(ClusterEventSources::cluster)
                        .build(),
                context);
    }

    /** The cluster that an object is of. */
    static Set<ResourceID> cluster(HasMetadata object) {
        return Set.of(
                new ResourceID(
                        object.getMetadata().getLabels().get(Labels.CLUSTER),
                        object.getMetadata().getNamespace()));
    }
}
