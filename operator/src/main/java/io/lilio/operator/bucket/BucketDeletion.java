package io.lilio.operator.bucket;

import io.fabric8.kubernetes.api.model.Namespace;
import io.lilio.admin.api.BucketStatus;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec.DeletionPolicy;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What becomes of a bucket and its access keys when its LilioBucket is deleted. A cluster that is
 * gone, or going with all its data, is not waited for, nor is anything in a namespace that is
 * terminating; otherwise what is not known is a reason to wait. The Secret goes with the resource.
 */
final class BucketDeletion {

    private static final String WAY_OUT =
            ". Where the cluster is lost, delete the LilioCluster, or remove the finalizer "
                    + BucketPass.FINALIZER
                    + " from the LilioBucket: the bucket and its access keys stay in the cluster"
                    + " then";

    private final Kubernetes kubernetes;
    private final Clusters clusters;
    private final InstantSource clock;

    BucketDeletion(Kubernetes kubernetes, Clusters clusters, InstantSource clock) {
        this.kubernetes = kubernetes;
        this.clusters = clusters;
        this.clock = clock;
    }

    Outcome run(LiveBucket live) {
        String uid = live.desired().uid();
        Optional<LilioCluster> cluster = clusters.find(live.now());
        if (cluster.isEmpty() || isGoingWithItsData(cluster.get())) {
            return Outcome.done(uid);
        }
        if (isTerminating(live.desired().namespace())) {
            leave(live, cluster.get());
            return Outcome.done(uid);
        }
        try {
            LaterValues.requireKnownPolicy(live.now().getSpec());
            return remove(live, cluster.get()) ? Outcome.done(uid) : proceeding(live);
        } catch (HeldException held) {
            return blocked(live, held);
        }
    }

    private static boolean isGoingWithItsData(LilioCluster cluster) {
        return cluster.isMarkedForDeletion()
                && cluster.getSpec().deletionPolicy() == LilioClusterSpec.DeletionPolicy.DELETE;
    }

    /** What is not known counts as no: then the cluster decides. */
    private boolean isTerminating(String namespace) {
        try {
            return kubernetes
                    .get(Namespace.class, namespace)
                    .filter(found -> found.getMetadata().getDeletionTimestamp() != null)
                    .isPresent();
        } catch (KubernetesException refused) {
            if (refused.isForbidden()) {
                return false;
            }
            throw refused;
        }
    }

    /**
     * Does once what can be done, and waits for nothing: keys of a cluster that stays would open
     * the bucket for ever. A cluster of the same namespace goes as well, and is left alone.
     */
    private void leave(LiveBucket live, LilioCluster cluster) {
        if (cluster.getMetadata().getNamespace().equals(live.desired().namespace())) {
            return;
        }
        try {
            clusters.ask(cluster, api -> leave(live.now(), api));
        } catch (HeldException held) {
            live.warn(
                    "BucketLeft",
                    "the namespace is terminating, and the bucket and its keys stay as they are: "
                            + held.sentence());
        }
    }

    /** Whether the bucket is gone; what cannot go now belongs to nobody then. */
    private static boolean leave(LilioBucket resource, AdminApi api) {
        DesiredBucket desired = DesiredBucket.of(resource);
        OwnedBucket bucket = new OwnedBucket(api.buckets(), desired);
        new BucketKeys(api.keys(), desired).revokeAll();
        boolean gone =
                switch (resource.getSpec().deletionPolicy()) {
                    case RETAIN -> false;
                    case DELETE_IF_EMPTY -> bucket.remove(false) == OwnedBucket.Removal.GONE;
                    case DELETE_ALL -> bucket.remove(true) == OwnedBucket.Removal.GONE;
                    case null -> false; // a later operator's word: it stays, rather
                };
        if (!gone) {
            bucket.release();
        }
        return gone;
    }

    private Outcome proceeding(LiveBucket live) {
        live.write(new BucketReport(live.now(), clock.instant()).removing());
        return Outcome.soon();
    }

    private Outcome blocked(LiveBucket live, HeldException held) {
        boolean byPeople = held.reason() == BucketReason.BUCKET_NOT_EMPTY;
        HeldException told =
                byPeople
                        ? held
                        : new HeldException(
                                held.reason(), held.sentence() + WAY_OUT, held.getCause());
        live.hold(new BucketReport(live.now(), clock.instant()).blocked(told), told);
        String uid = live.desired().uid();
        return byPeople ? Outcome.blocked(held.reason(), uid) : Outcome.held(held.reason(), uid);
    }

    /**
     * Goes on with what the policy wants.
     *
     * @return whether all of it is done
     */
    private boolean remove(LiveBucket live, LilioCluster cluster) {
        return clusters.ask(cluster, api -> remove(live.now(), cluster, api));
    }

    private boolean remove(LilioBucket resource, LilioCluster cluster, AdminApi api) {
        DesiredBucket desired = DesiredBucket.of(resource);
        BucketKeys keys = new BucketKeys(api.keys(), desired);
        OwnedBucket bucket = new OwnedBucket(api.buckets(), desired);
        Optional<BucketStatus> found = bucket.find();
        if (found.isEmpty()) {
            clusters.requireTrusted(cluster, api);
        }
        DeletionPolicy policy = resource.getSpec().deletionPolicy();
        if (policy == DeletionPolicy.DELETE_IF_EMPTY) {
            // Whoever is to empty the bucket needs a key.
            requireEmptied(bucket, found, desired);
        }
        keys.revokeAll();
        if (found.filter(bucket::isOwn).isEmpty()) {
            return true;
        }
        return switch (policy) {
            case RETAIN -> {
                bucket.release();
                yield true;
            }
            case DELETE_IF_EMPTY -> true;
            case DELETE_ALL -> bucket.remove(true) == OwnedBucket.Removal.GONE;
        };
    }

    private static void requireEmptied(
            OwnedBucket bucket, Optional<BucketStatus> found, DesiredBucket desired) {
        if (found.filter(bucket::isOwn).isPresent()
                && bucket.remove(false) == OwnedBucket.Removal.NOT_EMPTY) {
            throw new HeldException(
                    BucketReason.BUCKET_NOT_EMPTY,
                    ("bucket %s holds objects, versions, delete markers or uploads: remove them, or"
                                    + " set spec.deletionPolicy to Retain or DeleteAll")
                            .formatted(desired.bucket()));
        }
    }
}
