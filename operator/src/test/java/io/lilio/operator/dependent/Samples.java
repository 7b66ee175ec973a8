package io.lilio.operator.dependent;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.cluster.LilioCluster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Resources as the API server has them. */
final class Samples {

    private Samples() {}

    /** One that says no more than it has to, with an etcd of its own. */
    static LilioCluster small() {
        return smallWith(yaml -> yaml);
    }

    /** The same, edited. */
    static LilioCluster smallWith(UnaryOperator<String> edit) {
        return read("small", edit);
    }

    /** One that says everything, with an etcd that was there before. */
    static LilioCluster full() {
        return fullWith(yaml -> yaml);
    }

    /** The same, edited. */
    static LilioCluster fullWith(UnaryOperator<String> edit) {
        return read("full", edit);
    }

    /** Replaces something that has to be there. */
    static UnaryOperator<String> replacing(String old, String by) {
        return yaml -> {
            if (!yaml.contains(old)) {
                throw new IllegalArgumentException("there is no " + old);
            }
            return yaml.replace(old, by);
        };
    }

    private static LilioCluster read(String name, UnaryOperator<String> edit) {
        try (InputStream in = Samples.class.getResourceAsStream("/dependent/" + name + ".yaml")) {
            String yaml =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return new KubernetesSerialization().unmarshal(edit.apply(yaml), LilioCluster.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
