package io.lilio.operator.runtime;

import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What wakes a LilioBucket besides itself: the LilioCluster that it is in. Its Secret is looked at
 * by every pass, and not watched, as no Secret is.
 */
final class BucketEventSources {

    private BucketEventSources() {}

    static List<EventSource<?, LilioBucket>> of(EventSourceContext<LilioBucket> context) {
        Cache<LilioBucket> buckets = context.getPrimaryCache();
        return List.of(
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(LilioCluster.class, LilioBucket.class)
                                .withName("liliocluster")
                                .withOnUpdateFilter(Changes::matterToBuckets)
                                .withSecondaryToPrimaryMapper(
                                        cluster -> bucketsOf(cluster, buckets))
                                .withPrimaryToSecondaryMapper(
                                        (LilioBucket bucket) -> Set.of(clusterOf(bucket)))
                                .build(),
                        context));
    }

    static Set<ResourceID> bucketsOf(LilioCluster cluster, Cache<LilioBucket> buckets) {
        ResourceID id = ResourceID.fromResource(cluster);
        return buckets.list(bucket -> clusterOf(bucket).equals(id))
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    /** The cluster that a bucket names. */
    static ResourceID clusterOf(LilioBucket bucket) {
        return new ResourceID(
                bucket.getSpec().clusterRef().name(),
                Objects.requireNonNullElse(
                        bucket.getSpec().clusterRef().namespace(),
                        bucket.getMetadata().getNamespace()));
    }
}
