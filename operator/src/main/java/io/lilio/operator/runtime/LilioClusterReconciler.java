package io.lilio.operator.runtime;

import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;

/** LilioClusters, and what is owned for them. */
@ControllerConfiguration(name = "lilioclusters", finalizerName = "lilio.io/cluster")
final class LilioClusterReconciler implements Reconciler<LilioCluster>, Cleaner<LilioCluster> {

    private final Reconciliation<LilioCluster> reconciliation;

    LilioClusterReconciler(Reconciliation<LilioCluster> reconciliation) {
        this.reconciliation = reconciliation;
    }

    @Override
    public List<EventSource<?, LilioCluster>> prepareEventSources(
            EventSourceContext<LilioCluster> context) {
        return ClusterEventSources.of(context);
    }

    @Override
    public UpdateControl<LilioCluster> reconcile(
            LilioCluster cluster, Context<LilioCluster> context) {
        return reconciliation.run(cluster);
    }

    @Override
    public DeleteControl cleanup(LilioCluster cluster, Context<LilioCluster> context) {
        return reconciliation.delete(cluster);
    }
}
