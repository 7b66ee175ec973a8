package io.lilio.operator.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.LilioCluster;
import java.util.Objects;
import java.util.Optional;

/**
 * Which changes of a resource are worth a pass. Those of its status are not: they are the passes'
 * own. Pure.
 */
final class Changes {

    private Changes() {}

    /** Whether to look at a resource itself: spec, annotations, finalizers or its deletion. */
    static boolean matter(HasMetadata now, HasMetadata before) {
        return differ(
                now,
                before,
                each -> each.getMetadata().getGeneration(),
                each -> each.getMetadata().getAnnotations(),
                each -> each.getMetadata().getFinalizers(),
                HasMetadata::isMarkedForDeletion);
    }

    /** Whether the buckets of a cluster have to be looked at. */
    static boolean matterToBuckets(LilioCluster now, LilioCluster before) {
        return differ(
                now,
                before,
                each -> each.getMetadata().getUid(),
                each -> each.getMetadata().getGeneration(),
                HasMetadata::isMarkedForDeletion,
                Changes::ready);
    }

    /** One thing that is looked at. */
    private interface Aspect<R> {
        Object of(R resource);
    }

    @SafeVarargs
    private static <R> boolean differ(R now, R before, Aspect<R>... aspects) {
        for (Aspect<R> aspect : aspects) {
            if (!Objects.equals(aspect.of(now), aspect.of(before))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<ConditionStatus> ready(LilioCluster cluster) {
        return Optional.ofNullable(cluster.getStatus()).stream()
                .flatMap(status -> status.conditions().stream())
                .filter(each -> each.type().equals(ClusterConditionType.READY.text()))
                .map(each -> each.status())
                .findFirst();
    }
}
