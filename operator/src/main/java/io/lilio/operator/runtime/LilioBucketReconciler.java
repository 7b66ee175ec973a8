package io.lilio.operator.runtime;

import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.operator.bucket.BucketPass;
import java.util.List;

/** LilioBuckets, and their Secrets. */
@ControllerConfiguration(name = "liliobuckets", finalizerName = BucketPass.FINALIZER)
final class LilioBucketReconciler implements Reconciler<LilioBucket>, Cleaner<LilioBucket> {

    private final Reconciliation<LilioBucket> reconciliation;

    LilioBucketReconciler(Reconciliation<LilioBucket> reconciliation) {
        this.reconciliation = reconciliation;
    }

    @Override
    public List<EventSource<?, LilioBucket>> prepareEventSources(
            EventSourceContext<LilioBucket> context) {
        return BucketEventSources.of(context);
    }

    @Override
    public UpdateControl<LilioBucket> reconcile(LilioBucket bucket, Context<LilioBucket> context) {
        return reconciliation.run(bucket);
    }

    @Override
    public DeleteControl cleanup(LilioBucket bucket, Context<LilioBucket> context) {
        return reconciliation.delete(bucket);
    }
}
