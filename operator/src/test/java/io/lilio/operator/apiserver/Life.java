package io.lilio.operator.apiserver;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.dependent.Monitor;
import java.util.List;
import java.util.stream.IntStream;

/** The life of a cluster and a bucket in it, in which an operator needs each of its rights. */
final class Life {

    static final String CLUSTER = "demo";
    static final String BUCKET = "photos";

    private final Site site;

    /** A part of it: what an administrator does, and what has to come of that. */
    record Stage(String name, Runnable act, Await.Question missing) {}

    Life(Site site) {
        this.site = site;
    }

    /** All of it in order, of an operator that was just started. */
    List<Stage> stages() {
        return List.of(
                new Stage("create", this::create, this::uncreated),
                new Stage("grow", () -> site.scale(CLUSTER, 4), () -> site.unsettled(CLUSTER, 4)),
                new Stage("shrink", () -> site.scale(CLUSTER, 3), this::unshrunk),
                new Stage("upgrade", this::upgrade, this::notUpgraded),
                new Stage("edit", this::edit, this::unedited),
                new Stage(
                        "delete bucket",
                        () -> delete(LilioBucket.class, BUCKET),
                        this::bucketIsThere),
                new Stage("delete", () -> delete(LilioCluster.class, CLUSTER), this::isThere));
    }

    private void create() {
        site.makeCluster(CLUSTER);
        site.makeBucket(BUCKET, CLUSTER);
    }

    private String uncreated() {
        return site.unsettled(CLUSTER, 3) + site.unready(BUCKET);
    }

    /** The volume of the node that went is kept, and says whose it was. */
    private String unshrunk() {
        boolean marked =
                site.find(PersistentVolumeClaim.class, "data-%s-3".formatted(CLUSTER))
                        .map(claim -> claim.getMetadata().getAnnotations())
                        .filter(annotations -> annotations.containsKey("lilio.io/removed-members"))
                        .isPresent();
        return site.unsettled(CLUSTER, 3) + (marked ? "" : " the volume is not marked");
    }

    private void upgrade() {
        site.edit(LilioCluster.class, CLUSTER, "{\"version\":\"dev2\"}");
    }

    private String notUpgraded() {
        long old =
                IntStream.range(0, 3)
                        .mapToObj(i -> site.find(Pod.class, "%s-%d".formatted(CLUSTER, i)))
                        .filter(
                                pod ->
                                        pod.filter(
                                                        live ->
                                                                live.getSpec()
                                                                        .getContainers()
                                                                        .getFirst()
                                                                        .getImage()
                                                                        .endsWith(":dev2"))
                                                .isEmpty())
                        .count();
        return site.unsettled(CLUSTER, 3) + (old == 0 ? "" : " %d old pods".formatted(old));
    }

    private void edit() {
        site.edit(
                LilioCluster.class, CLUSTER, "{\"networkPolicy\":false,\"serviceMonitor\":false}");
        site.edit(LilioBucket.class, BUCKET, "{\"credentials\":{\"secretName\":\"elsewhere\"}}");
    }

    private String unedited() {
        boolean moved =
                site.find(Secret.class, "elsewhere").isPresent()
                        && site.find(Secret.class, BUCKET).isEmpty();
        boolean open = site.find(NetworkPolicy.class, CLUSTER).isEmpty();
        boolean monitored =
                site.client()
                                .genericKubernetesResources(Monitor.API_VERSION, Monitor.KIND)
                                .inNamespace(site.namespace())
                                .withName(CLUSTER)
                                .get()
                        != null;
        return site.unsettled(CLUSTER, 3)
                + site.unready(BUCKET)
                + (moved ? "" : " the bucket's Secret is where it was")
                + (open ? "" : " the NetworkPolicy is there")
                + (monitored ? " the ServiceMonitor is there" : "");
    }

    private void delete(Class<? extends HasMetadata> kind, String name) {
        site.client().resources(kind).inNamespace(site.namespace()).withName(name).delete();
    }

    private String bucketIsThere() {
        return site.find(LilioBucket.class, BUCKET).isEmpty() ? "" : "the bucket is there";
    }

    private String isThere() {
        boolean volumes =
                site.find(PersistentVolumeClaim.class, "data-%s-0".formatted(CLUSTER)).isPresent();
        return site.find(LilioCluster.class, CLUSTER).isPresent() || volumes
                ? "the cluster or its volumes are there"
                : "";
    }
}
