package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Secret;
import io.lilio.crd.cluster.LilioCluster;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The Secret with the administrator's key, where the spec names none that is there already. */
public final class RootCredentials {

    public static final String ACCESS_KEY = "accessKey";
    public static final String SECRET_KEY = "secretKey";

    private static final String KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private RootCredentials() {}

    /**
     * As it is to be; empty where the spec names a Secret, which is only read.
     *
     * @param existing as it is, which is kept as it is; empty only before the cluster is founded
     * @param random unpredictable
     */
    public static Optional<Secret> of(
            LilioCluster cluster, Optional<Secret> existing, RandomGenerator random) {
        return cluster.getSpec().rootCredentialsSecret() == null
                ? Optional.of(
                        GeneratedSecret.of(
                                cluster,
                                Names.of(cluster).generatedRootSecret(),
                                existing,
                                () -> generate(random)))
                : Optional.empty();
    }

    private static Map<String, String> generate(RandomGenerator random) {
        return Map.of(
                ACCESS_KEY,
                "LILIO" + letters(KEY_LETTERS, 15, random),
                SECRET_KEY,
                letters(SECRET_LETTERS, 40, random));
    }

    private static String letters(String alphabet, int count, RandomGenerator random) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return letters.toString();
    }

    /** Whether a Secret, generated or not, holds what nodes need. */
    public static boolean isComplete(Secret secret) {
        return GeneratedSecret.holds(secret, ACCESS_KEY)
                && GeneratedSecret.holds(secret, SECRET_KEY);
    }
}
