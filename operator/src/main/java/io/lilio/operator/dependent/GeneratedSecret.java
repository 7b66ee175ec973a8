package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec.DeletionPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Secrets whose values are drawn once. One that is there keeps what it holds, even if that is
 * nothing: another key would open nothing (DESIGN §13, rule 9). It goes with the LilioCluster only
 * where the data go too, since volumes that are kept are worth nothing without it.
 */
final class GeneratedSecret {

    private GeneratedSecret() {}

    static Secret of(
            LilioCluster cluster,
            String name,
            Optional<Secret> existing,
            Supplier<Map<String, String>> values) {
        boolean goes = cluster.getSpec().deletionPolicy() == DeletionPolicy.DELETE;
        ObjectMetaBuilder meta =
                goes
                        ? ObjectMetas.owned(cluster, Component.STORAGE_NODE, name)
                        : ObjectMetas.kept(cluster, Component.STORAGE_NODE, name);
        return new SecretBuilder()
                .withMetadata(meta.build())
                .withType("Opaque")
                .withData(
                        existing.map(GeneratedSecret::data).orElseGet(() -> encoded(values.get())))
                .build();
    }

    private static Map<String, String> encoded(Map<String, String> values) {
        SortedMap<String, String> data = new TreeMap<>();
        values.forEach(
                (key, value) ->
                        data.put(
                                key,
                                Base64.getEncoder()
                                        .encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return data;
    }

    /** Whether a Secret has a value that is not empty under a key. */
    static boolean holds(Secret secret, String key) {
        return !data(secret).getOrDefault(key, "").isEmpty();
    }

    private static Map<String, String> data(Secret secret) {
        return Objects.requireNonNullElse(secret.getData(), Map.of());
    }
}
