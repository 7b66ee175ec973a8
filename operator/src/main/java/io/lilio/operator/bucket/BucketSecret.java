package io.lilio.operator.bucket;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.lilio.crd.bucket.LilioBucket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Secret that pods reach a bucket with by {@code envFrom}: the variables that AWS SDKs read,
 * and the bucket's name. It goes with its LilioBucket.
 */
final class BucketSecret {

    private static final String ENDPOINT = "AWS_ENDPOINT_URL_S3";
    private static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
    private static final String SECRET_KEY = "AWS_SECRET_ACCESS_KEY";
    private static final String REGION = "AWS_REGION";
    private static final String BUCKET = "BUCKET_NAME";

    /**
     * SHA-256 of the credentials as they were written, so that an edited secret key is noticed:
     * nobody else could tell. It gives nothing away, as the secret is long and random.
     */
    private static final String DIGEST = "lilio.io/credentials-digest";

    private static final Map<String, String> LABELS =
            Map.of(
                    "app.kubernetes.io/name", "lilio",
                    "app.kubernetes.io/component", "bucket-credentials",
                    "app.kubernetes.io/managed-by", "lilio-operator",
                    "app.kubernetes.io/part-of", "lilio");

    private BucketSecret() {}

    /**
     * Where clients reach S3.
     *
     * @param endpoint as a URL
     * @param region what they sign for
     */
    record Address(String endpoint, String region) {}

    /** As it is to be. */
    static Secret of(LilioBucket bucket, Address address, Credentials credentials) {
        DesiredBucket desired = DesiredBucket.of(bucket);
        SortedMap<String, String> data = new TreeMap<>();
        data.put(ENDPOINT, encoded(address.endpoint()));
        data.put(ACCESS_KEY, encoded(credentials.id()));
        data.put(SECRET_KEY, encoded(credentials.secret()));
        data.put(REGION, encoded(address.region()));
        data.put(BUCKET, encoded(desired.bucket()));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(desired.secret())
                .withNamespace(desired.namespace())
                .withLabels(new TreeMap<>(LABELS))
                .addToAnnotations(DIGEST, digest(credentials))
                .withOwnerReferences(owner(bucket))
                .endMetadata()
                .withType("Opaque")
                .withData(data)
                .build();
    }

    private static OwnerReference owner(LilioBucket bucket) {
        return new OwnerReferenceBuilder()
                .withApiVersion(bucket.getApiVersion())
                .withKind(bucket.getKind())
                .withName(bucket.getMetadata().getName())
                .withUid(bucket.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** Whether a Secret says all that another one does, whatever else it says. */
    static boolean says(Secret secret, Secret wanted) {
        return map(secret.getMetadata().getLabels())
                        .entrySet()
                        .containsAll(map(wanted.getMetadata().getLabels()).entrySet())
                && data(secret).entrySet().containsAll(data(wanted).entrySet());
    }

    /** What a Secret holds; empty when some of it is missing or not what was written. */
    static Optional<Credentials> credentials(Secret secret) {
        return value(secret, ACCESS_KEY)
                .flatMap(id -> value(secret, SECRET_KEY).map(key -> new Credentials(id, key)))
                .filter(
                        read ->
                                digest(read)
                                        .equals(
                                                map(secret.getMetadata().getAnnotations())
                                                        .get(DIGEST)));
    }

    /** The id of the key that a Secret holds, whether the rest is what was written or not. */
    static Optional<String> accessKey(Secret secret) {
        return value(secret, ACCESS_KEY);
    }

    private static Optional<String> value(Secret secret, String key) {
        return Optional.ofNullable(data(secret).get(key))
                .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8))
                .filter(text -> !text.isEmpty());
    }

    private static Map<String, String> data(Secret secret) {
        return map(secret.getData());
    }

    private static Map<String, String> map(@Nullable Map<String, String> map) {
        return Objects.requireNonNullElse(map, Map.of());
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(Credentials credentials) {
        byte[] text =
                (credentials.id() + ":" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
