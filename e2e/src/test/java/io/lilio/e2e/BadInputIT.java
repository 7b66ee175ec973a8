package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("e2e")
@Order(13)
@DisplayName("12 What is invalid, impossible, or edited by hand")
final class BadInputIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("bad-input");

    private static StoreCluster cluster;

    @BeforeAll
    static void make() {
        cluster = StoreCluster.create(SCENARIO, "well", Spec.of(3));
    }

    @ParameterizedTest(name = "12: refused at apply: {0}: {1}")
    @Order(1)
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    version                     | latest  | version has to name a release
                    replicas                    | 2       | replicas has to be at least replication.factor
                    replication.writeQuorum     | 4       | replication.writeQuorum cannot be greater
                    replication.readQuorum      | 1       | has to be greater than replication.factor
                    storage.size                | 500Mi   | storage.size has to be at least 1Gi
                    metadata.managed.replicas   | 2       | set metadata.managed.replicas to 1, 3 or 5
                    metadata.managed.storage    | 100Mi   | metadata.managed.storage has to be at least 1Gi
                    metadata.etcd.endpoints     | ETCD    | set exactly one of metadata.etcd
                    deletionPolicy              | Perhaps | Unsupported value
                    """)
    void invalidIsRefused(String field, String value, String message) {
        Spec spec = Spec.of(3).with(field, parsed(value));
        Command.Result applied =
                SCENARIO.kubernetes()
                        .attemptToApply(spec.asCluster("invalid", SCENARIO.namespace()));
        assertThat(applied.succeeded()).as(applied.output()).isFalse();
        assertThat(applied.output()).contains(message);
    }

    private static Object parsed(String value) {
        if (value.equals("ETCD")) {
            return List.of("http://etcd:2379");
        }
        return value.matches("[0-9]+") ? (Object) Integer.valueOf(value) : value;
    }

    @ParameterizedTest(name = "12: a change is refused: {0}")
    @Order(2)
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"ring":{"partitions":512}}         | ring.partitions is fixed
                    {"replication":{"factor":2}}        | replication.factor is fixed
                    {"storage":{"volumesPerNode":2}}    | storage.volumesPerNode is fixed
                    {"metadata":{"managed":null,"etcd":{"endpoints":["http://etcd:2379"]}}} | metadata cannot move
                    """)
    void changesOfWhatIsFixedAreRefused(String patch, String message) {
        Command.Result patched =
                SCENARIO.kubernetes()
                        .attempt(
                                "patch",
                                "liliocluster/" + cluster.name(),
                                "-n",
                                cluster.namespace(),
                                "--type=merge",
                                "-p",
                                "{\"spec\":" + patch + "}");
        assertThat(patched.succeeded()).as(patched.output()).isFalse();
        assertThat(patched.output()).contains(message);
    }

    @Test
    @Order(3)
    @DisplayName("12: kubectl scale keeps to the rules")
    void scaleKeepsToTheRules() {
        Command.Result scaled =
                SCENARIO.kubernetes()
                        .attempt(
                                "scale",
                                "liliocluster/" + cluster.name(),
                                "-n",
                                cluster.namespace(),
                                "--replicas=2");
        assertThat(scaled.succeeded()).as(scaled.output()).isFalse();
        assertThat(scaled.output()).contains("replicas has to be at least");
    }

    @ParameterizedTest(name = "12: valid and impossible: {0} {1} is told as {2}")
    @Order(4)
    @CsvSource({
        "rootCredentialsSecret, nowhere, SecretMissing",
        "storage.storageClassName, nowhere, VolumePending",
        "version, not-there, ImagePullFailed",
    })
    void impossibleIsTold(String field, String value, String reason) {
        String name = "impossible-" + reason.toLowerCase(Locale.ROOT);
        SCENARIO.kubernetes()
                .apply(Spec.of(3).with(field, value).asCluster(name, SCENARIO.namespace()));
        StoreCluster impossible =
                new StoreCluster(SCENARIO.kubernetes(), SCENARIO.namespace(), name);
        try {
            Condition told = impossible.awaitReason(reason);
            assertThat(told.message()).as("a sentence for people").hasSizeGreaterThan(20);
            assertThat(impossible.condition("Ready").orElseThrow().status())
                    .isNotEqualTo(ConditionStatus.TRUE);
        } finally {
            SCENARIO.kubernetes()
                    .kubectl(
                            "delete",
                            "liliocluster",
                            name,
                            "-n",
                            SCENARIO.namespace(),
                            "--timeout=5m");
        }
    }

    @Test
    @Order(5)
    @DisplayName("12: objects edited by hand are put back, and no pod is restarted")
    void editedObjectsArePutBack() {
        Map<String, String> pods = Pods.incarnations(cluster.pods());
        edit(
                "service/well",
                "{\"spec\":{\"selector\":{\"app.kubernetes.io/component\":\"etcd\"}}}",
                "{.spec.selector.app\\.kubernetes\\.io/component}");
        edit(
                "poddisruptionbudget/well",
                "{\"spec\":{\"maxUnavailable\":3}}",
                "{.spec.maxUnavailable}");
        edit("configmap/well-config", "{\"data\":{\"lilio.yaml\":\"\"}}", "{.data}");
        edit("statefulset/well", "{\"spec\":{\"replicas\":2}}", "{.spec.replicas}");
        cluster.awaitSettled();
        cluster.awaitReadyPods(3);
        Map<String, String> after = Pods.incarnations(cluster.pods());
        // The edit itself takes the last pod away before the operator sees it.
        assertThat(after.get("well-0")).isEqualTo(pods.get("well-0"));
        assertThat(after.get("well-1")).isEqualTo(pods.get("well-1"));
    }

    /** Patches an object and waits until a path of it is again what it was. */
    private static void edit(String object, String patch, String path) {
        Kubernetes kubernetes = SCENARIO.kubernetes();
        Supplier<String> value =
                () ->
                        kubernetes.kubectl(
                                "get", object, "-n", cluster.namespace(), "-o", "jsonpath=" + path);
        String before = value.get();
        String version = version(object);
        kubernetes.kubectl("patch", object, "-n", cluster.namespace(), "--type=merge", "-p", patch);
        assertThat(version(object)).as("the edit of %s hit", object).isNotEqualTo(version);
        Await.until(
                object + " is put back",
                Duration.ofMinutes(5),
                () -> {
                    String now = value.get();
                    return now.equals(before) ? "" : "it is " + now;
                });
    }

    private static String version(String object) {
        return SCENARIO.kubernetes()
                .kubectl(
                        "get",
                        object,
                        "-n",
                        cluster.namespace(),
                        "-o",
                        "jsonpath={.metadata.resourceVersion}");
    }
}
