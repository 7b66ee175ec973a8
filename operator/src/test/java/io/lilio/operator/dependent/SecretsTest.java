package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretsTest {

    private final Random random = new Random(7);

    @Test
    void theClusterSecretIsLongAndRandom() {
        Secret one = ClusterSecret.of(Samples.small(), Optional.empty(), random);
        Secret two = ClusterSecret.of(Samples.small(), Optional.empty(), random);
        assertThat(one.getMetadata().getName()).isEqualTo("demo-cluster");
        assertThat(value(one, "secret")).matches("[0-9a-f]{64}");
        assertThat(one.getData()).isNotEqualTo(two.getData());
        assertThat(ClusterSecret.isComplete(one)).isTrue();
    }

    @Test
    void theRootKeyIsOneThatTheServerTakes() {
        Secret secret = RootCredentials.of(Samples.small(), Optional.empty(), random).orElseThrow();
        assertThat(secret.getMetadata().getName()).isEqualTo("demo-root");
        assertThat(value(secret, "accessKey")).matches("LILIO[A-Z2-7]{15}");
        assertThat(value(secret, "secretKey")).matches("[A-Za-z0-9]{40}");
        assertThat(RootCredentials.isComplete(secret)).isTrue();
    }

    @Test
    void whatIsThereIsKept() {
        Secret there = ClusterSecret.of(Samples.small(), Optional.empty(), random);
        assertThat(ClusterSecret.of(Samples.small(), Optional.of(there), random)).isEqualTo(there);
        Secret root = RootCredentials.of(Samples.small(), Optional.empty(), random).orElseThrow();
        assertThat(RootCredentials.of(Samples.small(), Optional.of(root), random)).contains(root);
    }

    @Test
    void whatIsThereAndEmptyStaysEmpty() {
        Secret emptied = new SecretBuilder().withNewMetadata().withName("x").endMetadata().build();
        emptied.setData(null);
        Secret secret = ClusterSecret.of(Samples.small(), Optional.of(emptied), random);
        assertThat(secret.getData()).isEmpty();
        assertThat(ClusterSecret.isComplete(secret)).isFalse();
        assertThat(ClusterSecret.isComplete(emptied)).isFalse();
        assertThat(RootCredentials.isComplete(emptied)).isFalse();
    }

    @Test
    void aSecretThatTheSpecNamesIsOnlyRead() {
        assertThat(RootCredentials.of(Samples.full(), Optional.empty(), random)).isEmpty();
        assertThat(Names.of(Samples.full()).rootSecret(Samples.full().getSpec()))
                .isEqualTo("administrator");
    }

    @Test
    void theyGoWithTheResourceOnlyWhereTheDataGoToo() {
        assertThat(
                        ClusterSecret.of(Samples.small(), Optional.empty(), random)
                                .getMetadata()
                                .getOwnerReferences())
                .isEmpty();
        assertThat(
                        ClusterSecret.of(Samples.full(), Optional.empty(), random)
                                .getMetadata()
                                .getOwnerReferences())
                .hasSize(1);
    }

    private static String value(Secret secret, String key) {
        return new String(
                Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}
