package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose an object is. */
final class Ownership {

    private Ownership() {}

    /** Whether an object goes when a LilioCluster goes. */
    static boolean isOwned(HasMetadata object, LilioCluster cluster) {
        @Nullable List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
        return owners != null
                && owners.stream()
                        .anyMatch(owner -> cluster.getMetadata().getUid().equals(owner.getUid()));
    }
}
