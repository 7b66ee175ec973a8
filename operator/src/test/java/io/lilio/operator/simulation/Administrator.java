package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.lilio.crd.bucket.ClusterRef;
import io.lilio.crd.bucket.CredentialsSpec;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Those who make, edit and delete resources. */
final class Administrator {

    static final String ACKNOWLEDGE_LOST = "lilio.io/acknowledge-lost";
    static final String ACCEPT_DATA_LOSS = "lilio.io/accept-data-loss";
    static final String REPLACE = "lilio.io/replace";

    private final Scene scene;

    Administrator(Scene scene) {
        this.scene = scene;
    }

    /** Makes the LilioCluster, or makes it again. */
    void make(LilioCluster cluster) {
        cluster.getMetadata().setUid(null);
        cluster.getMetadata().setFinalizers(List.of("lilio.io/cluster"));
        scene.store.put(cluster);
        scene.tell("a LilioCluster is made");
    }

    private void edit(UnaryOperator<LilioCluster> change) {
        scene.cluster()
                .filter(cluster -> cluster.getMetadata().getDeletionTimestamp() == null)
                .ifPresent(cluster -> scene.store.edit(cluster, change));
    }

    private void spec(UnaryOperator<LilioClusterSpec> change) {
        edit(
                cluster -> {
                    cluster.setSpec(change.apply(cluster.getSpec()));
                    return cluster;
                });
    }

    void scale(int replicas) {
        scene.tell("replicas: " + replicas);
        spec(spec -> with(spec, spec.version(), replicas, spec.paused(), spec.deletionPolicy()));
    }

    void upgrade(String version) {
        scene.tell("version: " + version);
        spec(spec -> with(spec, version, spec.replicas(), spec.paused(), spec.deletionPolicy()));
    }

    void pause(boolean paused) {
        scene.tell("paused: " + paused);
        spec(spec -> with(spec, spec.version(), spec.replicas(), paused, spec.deletionPolicy()));
    }

    void keep(LilioClusterSpec.DeletionPolicy policy) {
        scene.tell("deletionPolicy: " + policy);
        spec(spec -> with(spec, spec.version(), spec.replicas(), spec.paused(), policy));
    }

    private static LilioClusterSpec with(
            LilioClusterSpec spec,
            String version,
            int replicas,
            boolean paused,
            LilioClusterSpec.DeletionPolicy policy) {
        return new LilioClusterSpec(
                version,
                spec.image(),
                replicas,
                spec.replication(),
                spec.ring(),
                spec.storage(),
                spec.metadata(),
                spec.rootCredentialsSecret(),
                spec.resources(),
                spec.pod(),
                spec.s3(),
                spec.jobs(),
                spec.networkPolicy(),
                spec.serviceMonitor(),
                spec.allowedNamespaces(),
                paused,
                policy);
    }

    /** Names a member in an annotation, beside those that are named there. */
    void annotate(String name, UUID member) {
        scene.tell(name + ": " + member);
        if (name.equals(REPLACE)) {
            scene.lilio.disks.claimOf(member).ifPresent(claim -> scene.replaced.put(member, claim));
        }
        annotations(
                all ->
                        all.merge(
                                name,
                                member.toString(),
                                (before, more) -> together(name, before, more)));
    }

    private static String together(String name, String before, String more) {
        if (name.equals(REPLACE)) {
            return more;
        }
        return before.contains(more) ? before : before + "," + more;
    }

    void takeBack(String name) {
        annotations(all -> all.remove(name));
    }

    private interface Edit {
        void of(Map<String, String> annotations);
    }

    private void annotations(Edit change) {
        edit(
                cluster -> {
                    Map<String, String> all =
                            new TreeMap<>(
                                    Objects.requireNonNullElse(
                                            cluster.getMetadata().getAnnotations(), Map.of()));
                    change.of(all);
                    cluster.getMetadata().setAnnotations(all);
                    return cluster;
                });
    }

    /** Makes a LilioBucket. */
    void bucket(String name, @Nullable String bucket, LilioBucketSpec.DeletionPolicy policy) {
        if (scene.store.get(LilioBucket.class, Kubelets.NAMESPACE, name).isPresent()) {
            return;
        }
        scene.tell("a LilioBucket is made: " + name + ", of " + bucket);
        LilioBucket made = new LilioBucket();
        made.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace(Kubelets.NAMESPACE)
                        .withName(name)
                        .withFinalizers("lilio.io/bucket")
                        .build());
        made.setSpec(
                new LilioBucketSpec(
                        new ClusterRef(Kubelets.SET, null),
                        bucket,
                        scene.random.nextBoolean(),
                        null,
                        policy,
                        new CredentialsSpec(null, CredentialsSpec.Role.READ_WRITE)));
        scene.store.put(made);
    }

    List<LilioBucket> buckets() {
        return scene.store.all(LilioBucket.class);
    }

    List<Secret> bucketSecrets() {
        return scene.store.all(Secret.class).stream()
                .filter(
                        secret ->
                                secret.getMetadata().getOwnerReferences().stream()
                                        .anyMatch(owner -> owner.getKind().equals("LilioBucket")))
                .toList();
    }

    /** Deletes an object that has a finalizer. */
    void delete(HasMetadata object) {
        if (object.getMetadata().getDeletionTimestamp() == null) {
            scene.tell(
                    "deleted: %s %s".formatted(object.getKind(), object.getMetadata().getName()));
            scene.store.delete(object);
        }
    }
}
