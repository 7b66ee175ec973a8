package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IngressPolicyTest {

    private static final LilioCluster CLUSTER = Samples.small();
    private static final NetworkPolicy NODES =
            IngressPolicy.ofStorageNodes(CLUSTER, AllObjects.OPERATOR);
    private static final NetworkPolicy ETCD = IngressPolicy.ofEtcd(CLUSTER, AllObjects.OPERATOR);

    @Test
    void s3IsForEverybody() {
        assertThat(rules(NODES, "s3"))
                .singleElement()
                .satisfies(r -> assertThat(r.getFrom()).isEmpty());
    }

    @Test
    void adminAndRpcAreForTheClusterAndTheOperator() {
        for (String port : List.of("admin", "rpc")) {
            List<NetworkPolicyPeer> from = rules(NODES, port).getFirst().getFrom();
            assertThat(rules(NODES, port)).hasSize(1);
            assertThat(from).hasSize(2);
            assertThat(labels(from.get(0))).containsExactly(entry("lilio.io/cluster", "demo"));
            assertThat(from.get(0).getNamespaceSelector()).isNull();
            assertThat(labels(from.get(1)))
                    .containsExactly(entry("app.kubernetes.io/name", "lilio-operator"));
            assertThat(from.get(1).getNamespaceSelector().getMatchLabels())
                    .containsExactly(entry("kubernetes.io/metadata.name", "lilio-system"));
        }
    }

    @Test
    void metricsAreForPrometheusTooWhereItIsSentThere() {
        assertThat(prometheus(NODES, "management")).hasSize(1);
        assertThat(prometheus(ETCD, "metrics")).hasSize(1);
        assertThat(
                        prometheus(
                                IngressPolicy.ofStorageNodes(Samples.full(), AllObjects.OPERATOR),
                                "management"))
                .isEmpty();
    }

    @Test
    void etcdIsForTheClusterAndTheOperatorAndItsPeersForEachOther() {
        assertThat(rules(ETCD, "client").getFirst().getFrom())
                .extracting(IngressPolicyTest::labels)
                .containsExactly(
                        Map.of("lilio.io/cluster", "demo"),
                        Map.of("app.kubernetes.io/name", "lilio-operator"));
        assertThat(rules(ETCD, "peer").getFirst().getFrom())
                .extracting(IngressPolicyTest::labels)
                .containsExactly(Labels.selecting(CLUSTER, Component.ETCD));
    }

    @Test
    void onlyWhatComesInIsLimited() {
        for (NetworkPolicy policy : List.of(NODES, ETCD)) {
            assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
        }
        assertThat(NODES.getSpec().getPodSelector().getMatchLabels())
                .isEqualTo(Labels.selecting(CLUSTER, Component.STORAGE_NODE));
    }

    private static List<NetworkPolicyIngressRule> rules(NetworkPolicy policy, String port) {
        return policy.getSpec().getIngress().stream()
                .filter(
                        rule ->
                                rule.getPorts().stream()
                                        .anyMatch(each -> each.getPort().getStrVal().equals(port)))
                .toList();
    }

    private static List<Map<String, String>> prometheus(NetworkPolicy policy, String port) {
        return rules(policy, port).stream()
                .flatMap(rule -> Stream.of(rule.getFrom()))
                .flatMap(List::stream)
                .map(IngressPolicyTest::labels)
                .filter(Map.of("app.kubernetes.io/name", "prometheus")::equals)
                .toList();
    }

    private static Map<String, String> labels(NetworkPolicyPeer peer) {
        return peer.getPodSelector().getMatchLabels();
    }
}
