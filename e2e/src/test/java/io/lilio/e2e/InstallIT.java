package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;

@Tag("e2e")
@Tag("smoke")
@Order(1)
@DisplayName("1 Install, uninstall, install again")
final class InstallIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.fromTheBeginning();

    /** More than fits into the metadata, and more than one chunk. */
    private static final List<Integer> SIZES = List.of(100, 20_000, 3_000_000);

    /** Where kind-config.yaml and the quickstart's own Service lead on this machine. */
    private static final URI ON_THIS_MACHINE = URI.create("http://127.0.0.1:30900");

    private static final Duration USAGE_SPAN = Duration.ofMinutes(1);

    @Test
    @DisplayName("quickstart works, and data and pods outlive the operator")
    void quickstartWorksAndOutlivesTheOperator() {
        Kubernetes kubernetes = SCENARIO.kubernetes();
        String quickstart = Installation.chart().resolve("examples/quickstart.yaml").toString();
        SCENARIO.removeLast(
                () -> kubernetes.attempt("delete", "-f", quickstart, "--ignore-not-found"));

        SCENARIO.installation().install();
        long applied = System.nanoTime();
        kubernetes.kubectl("apply", "-f", quickstart);
        kubernetes.kubectl("wait", "--for=condition=Ready", "liliocluster/demo", "--timeout=5m");
        Figures.add("quickstart: apply to Ready, 3 replicas", Figures.since(applied));
        kubernetes.kubectl("wait", "--for=condition=Ready", "liliobucket/photos", "--timeout=1m");
        assertThat(kubernetes.kubectl("get", "liliocluster,liliobucket", "-o", "wide"))
                .contains("True")
                .contains("demo")
                .contains("photos");

        Command.run("helm", "test", "lilio", "--namespace", Installation.NAMESPACE);

        StoreCluster demo = new StoreCluster(kubernetes, SCENARIO.namespace(), "demo");
        ClientPod client = ClientPod.start(SCENARIO, SCENARIO.namespace(), "photos");
        List<String> stored = SIZES.stream().map(size -> client.put(key(size), size)).toList();
        assertThat(read(client)).isEqualTo(stored);
        assertThat(readOnThisMachine(demo)).as("by the node port").isEqualTo(stored);
        measureOperator();
        Map<String, String> pods = Pods.incarnations(demo.pods());
        Map<String, String> members = Pods.incarnations(demo.pods("etcd"));
        String uid = demo.resource().getMetadata().getUid();
        long epoch = demo.admin().ring().epoch();

        SCENARIO.installation().uninstall();
        assertThat(definitions()).contains("lilioclusters.lilio.io", "liliobuckets.lilio.io");
        assertThat(demo.resource().getMetadata().getUid()).isEqualTo(uid);
        assertThat(demo.resource().getMetadata().getDeletionTimestamp()).isNull();
        assertThat(read(client)).as("without the operator").isEqualTo(stored);

        SCENARIO.installation().install();
        demo.awaitSettled();
        assertThat(read(client)).as("under the new operator").isEqualTo(stored);
        assertThat(Pods.incarnations(demo.pods())).as("storage pods").isEqualTo(pods);
        assertThat(Pods.incarnations(demo.pods("etcd"))).as("etcd's pods").isEqualTo(members);
        assertThat(demo.admin().ring().epoch()).as("epoch of the ring").isEqualTo(epoch);
    }

    private static List<String> read(ClientPod client) {
        return SIZES.stream().map(size -> client.get(key(size))).toList();
    }

    private static List<String> readOnThisMachine(StoreCluster demo) {
        StoreBucket photos =
                new StoreBucket(SCENARIO.kubernetes(), demo, SCENARIO.namespace(), "photos");
        try (S3Client s3 = photos.client(ON_THIS_MACHINE)) {
            return SIZES.stream()
                    .map(size -> s3.getObjectAsBytes(b -> b.bucket("photos").key(key(size))))
                    .map(object -> Body.sha256(object.asByteArrayUnsafe()))
                    .toList();
        }
    }

    private static void measureOperator() {
        OperatorUsage usage =
                OperatorUsage.during(USAGE_SPAN, SCENARIO.kubernetes(), SCENARIO.installation());
        Figures.add(
                "operator with one cluster and one bucket: memory, at most",
                Figures.mib(usage.residentBytes()));
        Figures.add(
                "operator with one cluster and one bucket: processors",
                Figures.percent(usage.processor(), USAGE_SPAN) + " of one");
    }

    private static String key(int size) {
        return "object-of-" + size;
    }

    private static List<String> definitions() {
        return SCENARIO
                .kubernetes()
                .client()
                .resources(CustomResourceDefinition.class)
                .list()
                .getItems()
                .stream()
                .map(each -> each.getMetadata().getName())
                .toList();
    }
}
