package io.lilio.operator.bucket;

import io.lilio.admin.api.BucketStatus;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketStatus;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.cluster.ClusterAccess;
import io.lilio.operator.kube.Events;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * One pass over a LilioBucket: the bucket belongs to the resource, its Secret holds an access key
 * that opens it alone, and status says so; or status says what is missing. A cluster that is paused
 * has buckets made and removed all the same, as clients may do too.
 *
 * <p>Safe for several threads, one resource in one thread at a time. There is to be one of these in
 * a process, since it remembers when it wrote the usage of a bucket.
 */
public final class BucketPass {

    /** Keeps a LilioBucket until its deletion is carried out; set before the first pass. */
    public static final String FINALIZER = "lilio.io/bucket";

    private final Kubernetes kubernetes;
    private final Events events;
    private final InstantSource clock;
    private final Clusters clusters;
    private final BucketCredentials credentials;
    private final BucketDeletion deletion;
    private final UsagePace usage = new UsagePace();

    /**
     * @param access the admin API of a cluster; empty where there are no nodes or no root key yet
     */
    public BucketPass(
            Kubernetes kubernetes,
            Events events,
            Function<LilioCluster, Optional<AdminApi>> access,
            InstantSource clock) {
        this.kubernetes = kubernetes;
        this.events = events;
        this.clock = clock;
        this.clusters = new Clusters(kubernetes, access);
        this.credentials = new BucketCredentials(kubernetes, clock);
        this.deletion = new BucketDeletion(kubernetes, clusters, clock);
    }

    /**
     * Goes on with a resource. One that is gone, made anew or being deleted is left alone.
     *
     * @param cached names it; it is read anew
     * @throws KubernetesException when Kubernetes does not answer, or refuses
     */
    public Outcome run(LilioBucket cached) {
        String uid = cached.getMetadata().getUid();
        try {
            return read(cached)
                    .filter(found -> !found.isMarkedForDeletion())
                    .map(found -> pass(new LiveBucket(kubernetes, events, found)))
                    .orElseGet(() -> Outcome.idle(uid));
        } catch (KubernetesException changed) {
            return soonIfConflict(changed);
        }
    }

    /**
     * Goes on with the deletion of a resource; one that is gone is finished.
     *
     * @param cached names it; it is read anew
     * @throws KubernetesException when Kubernetes does not answer, or refuses
     */
    public Outcome delete(LilioBucket cached) {
        String uid = cached.getMetadata().getUid();
        try {
            Optional<LilioBucket> found = read(cached);
            if (found.filter(resource -> !resource.isMarkedForDeletion()).isPresent()) {
                return Outcome.soon();
            }
            Outcome outcome =
                    found.map(
                                    resource ->
                                            deletion.run(
                                                    new LiveBucket(kubernetes, events, resource)))
                            .orElseGet(() -> Outcome.done(uid));
            if (outcome.finished()) {
                usage.forget(uid);
            }
            return outcome;
        } catch (KubernetesException changed) {
            return soonIfConflict(changed);
        }
    }

    /** The resource itself, not one that was made anew under its name. */
    private Optional<LilioBucket> read(LilioBucket cached) {
        String uid = cached.getMetadata().getUid();
        return kubernetes
                .get(
                        LilioBucket.class,
                        cached.getMetadata().getNamespace(),
                        cached.getMetadata().getName())
                .filter(found -> found.getMetadata().getUid().equals(uid));
    }

    private static Outcome soonIfConflict(KubernetesException failed) {
        if (failed.isConflict()) {
            return Outcome.soon();
        }
        throw failed;
    }

    private Outcome pass(LiveBucket live) {
        String uid = live.desired().uid();
        try {
            LaterValues.requireNone(live.now().getSpec());
            LilioCluster cluster = clusters.require(live.now());
            String endpoint = ClusterAccess.endpoint(cluster);
            var address = new BucketSecret.Address(endpoint, ClusterAccess.REGION);
            BucketStatus bucket = clusters.ask(cluster, api -> ensure(live, cluster, address, api));
            report(live, endpoint, bucket);
            return Outcome.idle(uid);
        } catch (HeldException held) {
            live.hold(new BucketReport(live.now(), clock.instant()).held(held), held);
            return Outcome.held(held.reason(), uid);
        }
    }

    private BucketStatus ensure(
            LiveBucket live, LilioCluster cluster, BucketSecret.Address address, AdminApi api) {
        BucketStatus bucket = claim(live, cluster, api);
        credentials.ensure(live, address, api.keys());
        return bucket;
    }

    private BucketStatus claim(LiveBucket live, LilioCluster cluster, AdminApi api) {
        OwnedBucket owned = new OwnedBucket(api.buckets(), live.desired());
        Optional<BucketStatus> found = owned.find();
        if (found.isEmpty()) {
            clusters.requireTrusted(cluster, api);
        }
        try {
            return owned.version(live.now().getSpec(), owned.claim(live.now().getSpec(), found));
        } catch (HeldException held) {
            if (held.reason() == BucketReason.BUCKET_OWNED_BY_ANOTHER) {
                credentials.withdraw(live, api.keys());
            }
            throw held;
        }
    }

    private void report(LiveBucket live, String endpoint, BucketStatus bucket) {
        Instant now = clock.instant();
        String uid = live.desired().uid();
        LilioBucketStatus before = live.status();
        LilioBucketStatus after =
                new BucketReport(live.now(), now).ready(endpoint, bucket, usage.isDue(uid, now));
        live.write(after);
        if (!Objects.equals(before.objects(), after.objects())
                || !Objects.equals(before.bytes(), after.bytes())) {
            usage.wrote(uid, now);
        }
    }
}
