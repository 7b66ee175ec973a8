package io.lilio.operator.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.admin.api.KeyStatus;
import io.lilio.crd.Condition;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.ClusterRef;
import io.lilio.crd.bucket.CredentialsSpec;
import io.lilio.crd.bucket.CredentialsSpec.Role;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import io.lilio.crd.bucket.LilioBucketSpec.DeletionPolicy;
import io.lilio.crd.bucket.LilioBucketStatus;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.kube.Events;
import io.lilio.operator.simulation.FakeAdminApi;
import io.lilio.operator.simulation.FakeKubernetes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A LilioCluster {@code demo} in namespace {@code shop}, its admin API, and LilioBuckets. */
final class BucketWorld {

    static final String NAMESPACE = "shop";
    static final LilioBucketSpec SPEC =
            new LilioBucketSpec(
                    new ClusterRef("demo", null),
                    null,
                    false,
                    null,
                    DeletionPolicy.RETAIN,
                    new CredentialsSpec(null, Role.READ_WRITE));

    private static final UUID CLUSTER_ID = new UUID(7, 7);
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final String CLUSTER = yaml();
    private static final String DELETED = "2026-11-30T12:00:00Z";

    final FakeAdminApi lilio = new FakeAdminApi(CLUSTER_ID);
    final Crashes crashes = new Crashes();
    final List<String> events = new ArrayList<>();
    Instant now = Instant.parse("2026-11-30T10:00:00Z");
    final FakeKubernetes kubernetes = new FakeKubernetes(() -> now);
    boolean rootKeyIsThere = true;

    private BucketPass pass;

    BucketWorld() {
        pass = restarted();
        lilio.faults().setAfterWrite(crashes::written);
        kubernetes.put(cluster());
    }

    /** A pass of a process that has just been started. */
    private BucketPass restarted() {
        Events told =
                new Events() {
                    @Override
                    public void normal(HasMetadata about, String reason, String note) {
                        events.add("Normal " + reason);
                    }

                    @Override
                    public void warning(HasMetadata about, String reason, String note) {
                        events.add("Warning " + reason);
                    }
                };
        return new BucketPass(
                crashes.over(kubernetes),
                told,
                cluster -> rootKeyIsThere ? Optional.of(lilio) : Optional.empty(),
                () -> now);
    }

    void restart() {
        pass = restarted();
    }

    /** The cluster, which admits buckets of namespace {@code guests}. */
    static LilioCluster cluster() {
        LilioCluster cluster = SERIALIZATION.unmarshal(CLUSTER, LilioCluster.class);
        cluster.setStatus(
                new LilioClusterStatus(
                        1L,
                        CLUSTER_ID.toString(),
                        1L,
                        3,
                        3,
                        null,
                        "1.2.3",
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        List.of()));
        return cluster;
    }

    private static String yaml() {
        try (InputStream in = BucketWorld.class.getResourceAsStream("/dependent/small.yaml")) {
            String yaml =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return yaml + "\n  allowedNamespaces: [guests]\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a LilioBucket. */
    LilioBucket add(String namespace, String name, LilioBucketSpec spec) {
        LilioBucket bucket = new LilioBucket();
        bucket.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace(namespace)
                        .withName(name)
                        .withFinalizers(BucketPass.FINALIZER)
                        .build());
        bucket.setSpec(spec);
        return kubernetes.put(bucket);
    }

    LilioBucket add(LilioBucketSpec spec) {
        return add(NAMESPACE, "photos", spec);
    }

    /** Has somebody else remove an object. */
    void remove(Class<? extends HasMetadata> kind, String namespace, String name) {
        kubernetes.get(kind, namespace, name).ifPresent(kubernetes::remove);
    }

    /** Edits what a LilioBucket asks for. */
    void edit(LilioBucket which, LilioBucketSpec spec) {
        LilioBucket bucket = read(which);
        bucket.setSpec(spec);
        kubernetes.put(bucket);
    }

    /** Has a LilioBucket deleted, which stays until its finalizer goes. */
    void markDeleted(LilioBucket which) {
        LilioBucket bucket = read(which);
        bucket.getMetadata().setDeletionTimestamp(DELETED);
        kubernetes.put(bucket);
    }

    LilioBucket read(LilioBucket which) {
        return kubernetes
                .get(
                        LilioBucket.class,
                        which.getMetadata().getNamespace(),
                        which.getMetadata().getName())
                .orElseThrow();
    }

    /** One pass, some time after the one before. */
    Outcome pass(LilioBucket which) {
        now = now.plus(Duration.ofSeconds(90));
        return which.isMarkedForDeletion() || read(which).isMarkedForDeletion()
                ? pass.delete(which)
                : pass.run(which);
    }

    /** One pass at the same time as the one before. */
    Outcome passAtOnce(LilioBucket which) {
        return pass.run(which);
    }

    /** What an adapter asks for that was told of a deletion. */
    Outcome deleteWithoutMark(LilioBucket which) {
        return pass.delete(which);
    }

    /** Passes until nothing is written any more. */
    Outcome settle(LilioBucket which) {
        for (int i = 0; i < 10; i++) {
            int before = crashes.writes();
            Outcome outcome = pass(which);
            if (crashes.writes() == before || outcome.finished()) {
                return outcome;
            }
        }
        throw new AssertionError("it writes again and again: " + read(which).getStatus());
    }

    Optional<Secret> secret(String namespace, String name) {
        return kubernetes.get(Secret.class, namespace, name);
    }

    Map<String, String> values(String namespace, String name) {
        Map<String, String> values = new TreeMap<>();
        secret(namespace, name)
                .orElseThrow()
                .getData()
                .forEach(
                        (key, text) ->
                                values.put(
                                        key,
                                        new String(
                                                Base64.getDecoder().decode(text),
                                                StandardCharsets.UTF_8)));
        return values;
    }

    /** Whether what a Secret holds lets a client in. */
    boolean opens(String namespace, String name) {
        return secret(namespace, name).isPresent()
                && lilio.keys()
                        .opens(
                                values(namespace, name).get("AWS_ACCESS_KEY_ID"),
                                values(namespace, name).get("AWS_SECRET_ACCESS_KEY"));
    }

    List<String> secrets(String namespace) {
        return kubernetes.list(Secret.class, namespace, Map.of()).stream()
                .map(secret -> secret.getMetadata().getName())
                .toList();
    }

    List<String> keyIds() {
        return lilio.keys().all().stream().map(KeyStatus::id).toList();
    }

    LilioBucketStatus status(LilioBucket which) {
        return BucketReport.status(read(which));
    }

    /** A condition as text: {@code True AsExpected}; null when there is none. */
    @Nullable String condition(LilioBucket which, BucketConditionType type) {
        return find(which, type)
                .map(
                        condition ->
                                condition.status().name().charAt(0)
                                        + condition
                                                .status()
                                                .name()
                                                .substring(1)
                                                .toLowerCase(Locale.ROOT)
                                        + " "
                                        + condition.reason())
                .orElse(null);
    }

    Optional<Condition> find(LilioBucket which, BucketConditionType type) {
        return BucketReport.condition(status(which), type);
    }

    /** That there is one bucket, one Secret, and one key: the one in it. */
    void assertWhole(LilioBucket which, String secret) {
        String uid = which.getMetadata().getUid();
        assertThat(lilio.buckets().all()).hasSize(1);
        assertThat(lilio.buckets().all().getFirst().owner()).isEqualTo(uid);
        assertThat(secrets(NAMESPACE)).containsExactly(secret);
        assertThat(keyIds()).containsExactly(values(NAMESPACE, secret).get("AWS_ACCESS_KEY_ID"));
        assertThat(opens(NAMESPACE, secret)).isTrue();
        assertThat(condition(which, BucketConditionType.READY)).isEqualTo("True AsExpected");
        assertThat(condition(which, BucketConditionType.CREDENTIALS_READY))
                .isEqualTo("True AsExpected");
    }

    static LilioBucketSpec with(LilioBucketSpec spec, CredentialsSpec credentials) {
        return new LilioBucketSpec(
                spec.clusterRef(),
                spec.bucketName(),
                spec.adoptExisting(),
                spec.versioning(),
                spec.deletionPolicy(),
                credentials);
    }

    static LilioBucketSpec with(LilioBucketSpec spec, DeletionPolicy policy) {
        return new LilioBucketSpec(
                spec.clusterRef(),
                spec.bucketName(),
                spec.adoptExisting(),
                spec.versioning(),
                policy,
                spec.credentials());
    }

    static LilioBucketSpec adopting(LilioBucketSpec spec) {
        return new LilioBucketSpec(
                spec.clusterRef(),
                spec.bucketName(),
                true,
                spec.versioning(),
                spec.deletionPolicy(),
                spec.credentials());
    }

    static LilioBucketSpec of(ClusterRef cluster, @Nullable String bucketName) {
        return new LilioBucketSpec(
                cluster,
                bucketName,
                false,
                SPEC.versioning(),
                SPEC.deletionPolicy(),
                SPEC.credentials());
    }
}
