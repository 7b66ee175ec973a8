package io.lilio.e2e;

import io.fabric8.kubernetes.api.model.Secret;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.bucket.LilioBucket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.s3.S3Client;

/** A LilioBucket, from outside. */
final class StoreBucket {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Kubernetes kubernetes;
    private final StoreCluster cluster;
    private final String namespace;
    private final String name;

    /**
     * @param cluster that has it
     * @param namespace of the LilioBucket
     */
    StoreBucket(Kubernetes kubernetes, StoreCluster cluster, String namespace, String name) {
        this.kubernetes = kubernetes;
        this.cluster = cluster;
        this.namespace = namespace;
        this.name = name;
    }

    /**
     * Applies it.
     *
     * @param fields further ones of its spec, as YAML in braces' form: {@code adoptExisting: true}
     */
    StoreBucket apply(String... fields) {
        StringBuilder spec = new StringBuilder();
        for (String field : fields) {
            spec.append(", ").append(field);
        }
        kubernetes.apply(
                """
                apiVersion: lilio.io/v1alpha1
                kind: LilioBucket
                metadata: {name: %s, namespace: %s}
                spec: {clusterRef: {name: %s, namespace: %s}%s}
                """
                        .formatted(name, namespace, cluster.name(), cluster.namespace(), spec));
        return this;
    }

    /** Waits until it serves as its spec has it. */
    StoreBucket awaitReady() {
        await("Ready", ConditionStatus.TRUE, "");
        return this;
    }

    /** Waits until a condition has a status, and a reason unless that is empty. */
    void await(String type, ConditionStatus status, String reason) {
        Await.until(
                "%s of LilioBucket %s is %s %s".formatted(type, name, status, reason),
                PATIENCE,
                () -> {
                    LilioBucket now = resource();
                    if (now == null) {
                        return "there is no LilioBucket";
                    }
                    List<Condition> conditions =
                            now.getStatus() == null ? List.of() : now.getStatus().conditions();
                    long generation = now.getMetadata().getGeneration();
                    return Conditions.missing(conditions, generation, type, status, reason);
                });
    }

    private LilioBucket resource() {
        return kubernetes
                .client()
                .resources(LilioBucket.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** Asks for its end, and does not wait for it. */
    void beginToDelete() {
        kubernetes.kubectl("delete", "liliobucket", name, "-n", namespace, "--wait=false");
    }

    void awaitGone() {
        Await.until(
                "LilioBucket %s is gone".formatted(name),
                PATIENCE,
                Await.that("it is there", () -> resource() == null));
    }

    /** Its Secret, of the same name; null when there is none. */
    Secret secret() {
        return kubernetes.client().secrets().inNamespace(namespace).withName(name).get();
    }

    String secretValue(String key) {
        return new String(
                Base64.getDecoder().decode(secret().getData().get(key)), StandardCharsets.UTF_8);
    }

    /** A client with the keys of its Secret as they are now. */
    S3Client client() {
        return client(cluster.s3());
    }

    /** The same, which reaches the cluster by another way. */
    S3Client client(URI endpoint) {
        return Load.client(
                endpoint,
                AwsBasicCredentials.create(
                        secretValue("AWS_ACCESS_KEY_ID"), secretValue("AWS_SECRET_ACCESS_KEY")));
    }
}
