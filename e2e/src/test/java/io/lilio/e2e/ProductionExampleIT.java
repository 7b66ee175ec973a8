package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

@Tag("e2e")
@Order(14)
@DisplayName("The production example")
final class ProductionExampleIT {

    private static final String NAMESPACE = "object-store";

    /** Of some chunks. */
    private static final Body BODY = Body.random(new Random(14), 3_000_000);

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("example");

    @Test
    @DisplayName("comes up as it stands under the restricted Pod Security Standard, over 3 zones")
    void comesUp() {
        Kubernetes kubernetes = SCENARIO.kubernetes();
        String example = Installation.chart().resolve("examples/production.yaml").toString();
        SCENARIO.removeLast(() -> SCENARIO.removeNamespace(NAMESPACE));
        kubernetes.kubectl("apply", "-f", example);

        StoreCluster store = new StoreCluster(kubernetes, NAMESPACE, "store");
        store.awaitSettled();
        kubernetes.kubectl(
                "wait",
                "--for=condition=Ready",
                "liliobucket/invoices",
                "-n",
                NAMESPACE,
                "--timeout=5m");
        assertThat(store.pods()).hasSize(3);
        assertThat(store.admin().ring().members())
                .extracting(member -> member.zone())
                .containsExactlyInAnyOrder("zone-a", "zone-b", "zone-c");
        assertThat(
                        store.pods("etcd").stream()
                                .map(pod -> pod.getSpec().getNodeName())
                                .collect(Collectors.toSet()))
                .as("machines of etcd's members")
                .hasSize(3);
        assertThat(
                        store.pods().stream()
                                .map(pod -> pod.getSpec().getNodeName())
                                .collect(Collectors.toSet()))
                .as("machines of storage pods")
                .hasSize(3);
        assertThat(roundTrip(new StoreBucket(kubernetes, store, NAMESPACE, "invoices")))
                .as("what is read")
                .isEqualTo(BODY.sha256());
    }

    /** Stored and read with the key that an application finds in the bucket's Secret. */
    private static String roundTrip(StoreBucket bucket) {
        String name = bucket.secretValue("BUCKET_NAME");
        try (S3Client s3 = bucket.client()) {
            s3.putObject(b -> b.bucket(name).key("object"), RequestBody.fromBytes(BODY.bytes()));
            return Body.sha256(
                    s3.getObjectAsBytes(b -> b.bucket(name).key("object")).asByteArrayUnsafe());
        }
    }
}
