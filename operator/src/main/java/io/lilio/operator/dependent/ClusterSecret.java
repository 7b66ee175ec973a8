package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Secret;
import io.lilio.crd.cluster.LilioCluster;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The Secret that the nodes of a cluster prove to each other. Keys in the metadata are sealed with
 * it, so it is generated once, and what is stored cannot be used without it.
 */
public final class ClusterSecret {

    /** Its key, and so the name of the file in pods. */
    static final String KEY = "secret";

    private static final int BYTES = 32;

    private ClusterSecret() {}

    /**
     * As it is to be.
     *
     * @param existing as it is, which is kept as it is; empty only before the cluster is founded
     * @param random unpredictable
     */
    public static Secret of(
            LilioCluster cluster, Optional<Secret> existing, RandomGenerator random) {
        return GeneratedSecret.of(
                cluster,
                Names.of(cluster).clusterSecret(),
                existing,
                () -> Map.of(KEY, generate(random)));
    }

    private static String generate(RandomGenerator random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /** Whether it holds what nodes need. */
    public static boolean isComplete(Secret secret) {
        return GeneratedSecret.holds(secret, KEY);
    }
}
