package io.lilio.operator.bucket;

import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.ClusterRef;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.kube.Kubernetes;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The clusters that LilioBuckets name, and their admin APIs. Thread-safe. */
final class Clusters {

    private final Kubernetes kubernetes;
    private final Function<LilioCluster, Optional<AdminApi>> access;

    /**
     * @param access empty where the cluster is not there yet, or its root key
     */
    Clusters(Kubernetes kubernetes, Function<LilioCluster, Optional<AdminApi>> access) {
        this.kubernetes = kubernetes;
        this.access = access;
    }

    /** The one that a LilioBucket names, whether it admits it or not. */
    Optional<LilioCluster> find(LilioBucket bucket) {
        ClusterRef ref = bucket.getSpec().clusterRef();
        return kubernetes.get(LilioCluster.class, namespace(bucket), ref.name());
    }

    /** The one that a LilioBucket names and that is to have its bucket. */
    LilioCluster require(LilioBucket bucket) {
        LilioCluster cluster =
                find(bucket)
                        .orElseThrow(
                                () ->
                                        new HeldException(
                                                BucketReason.CLUSTER_NOT_FOUND,
                                                ("there is no LilioCluster %s in namespace %s:"
                                                                + " make it, or make another"
                                                                + " LilioBucket that names one")
                                                        .formatted(
                                                                bucket.getSpec()
                                                                        .clusterRef()
                                                                        .name(),
                                                                namespace(bucket))));
        String own = bucket.getMetadata().getNamespace();
        if (!namespace(bucket).equals(own)
                && !cluster.getSpec().allowedNamespaces().contains(own)) {
            throw new HeldException(
                    BucketReason.NAMESPACE_NOT_ALLOWED,
                    ("%s does not admit buckets of namespace %s: add it to the cluster's"
                                    + " spec.allowedNamespaces. What was made before is left as it"
                                    + " is")
                            .formatted(text(cluster), own));
        }
        if (cluster.isMarkedForDeletion()) {
            throw new HeldException(
                    BucketReason.CLUSTER_NOT_READY, text(cluster) + " is being deleted");
        }
        return cluster;
    }

    /**
     * Has something done by a cluster's admin API.
     *
     * @throws HeldException when the cluster is not there yet, does not answer, or refuses
     */
    <T> T ask(LilioCluster cluster, Function<AdminApi, T> what) {
        AdminApi api =
                access.apply(cluster)
                        .orElseThrow(
                                () ->
                                        new HeldException(
                                                BucketReason.CLUSTER_NOT_READY,
                                                text(cluster)
                                                        + " has no storage nodes or no root key"
                                                        + " yet: see its conditions"));
        try {
            return what.apply(api);
        } catch (AdminApiUnreachableException silent) {
            throw new HeldException(
                    BucketReason.ADMIN_API_UNREACHABLE,
                    ("no storage node of %s answers on its admin port, or not what the operator"
                                    + " understands: see its conditions, and its pods' events and"
                                    + " logs")
                            .formatted(text(cluster)),
                    silent);
        } catch (AdminApiException refused) {
            throw new HeldException(
                    BucketReason.ADMIN_API_UNREACHABLE,
                    ("the admin API of %s refuses with %s (%s): see its conditions, and the logs of"
                                    + " its pods")
                            .formatted(text(cluster), refused.code(), refused.getMessage()),
                    refused);
        }
    }

    /**
     * Makes sure that what a cluster does not have was never there: metadata that are empty,
     * foreign or older than before lack what they should have (DESIGN §13, rule 9).
     */
    void requireTrusted(LilioCluster cluster, AdminApi api) {
        if (api.cluster().brake().engaged()) {
            throw distrusted(cluster, "its deletion brake is engaged");
        }
        @Nullable LilioClusterStatus status = cluster.getStatus();
        @Nullable String known = status == null ? null : status.clusterId();
        if (known != null && !known.equals(api.cluster().cluster().id().toString())) {
            throw distrusted(cluster, "what answers is another cluster");
        }
    }

    private static HeldException distrusted(LilioCluster cluster, String why) {
        return new HeldException(
                BucketReason.CLUSTER_NOT_READY,
                ("%s does not know the bucket, and that is not believed, since %s: see its"
                                + " conditions, and put the right metadata back")
                        .formatted(text(cluster), why));
    }

    private static String namespace(LilioBucket bucket) {
        return Objects.requireNonNullElse(
                bucket.getSpec().clusterRef().namespace(), bucket.getMetadata().getNamespace());
    }

    private static String text(LilioCluster cluster) {
        return "LilioCluster %s/%s"
                .formatted(cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }
}
