package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.lilio.crd.cluster.LilioCluster;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The NetworkPolicies: S3 is for everybody, all else for the cluster's own pods and the operator,
 * metrics for Prometheus where a ServiceMonitor sends it there. Where pods go out to is not
 * limited.
 */
public final class IngressPolicy {

    /** Prometheus, wherever it runs, by the label that its operator gives it. */
    private static final NetworkPolicyPeer PROMETHEUS =
            new NetworkPolicyPeerBuilder()
                    .withNewNamespaceSelector()
                    .endNamespaceSelector()
                    .withPodSelector(
                            Labels.selector(Map.of("app.kubernetes.io/name", "prometheus")))
                    .build();

    private IngressPolicy() {}

    /**
     * Who the operator is.
     *
     * @param namespace that its pods are in
     * @param labels that they carry
     */
    public record Operator(String namespace, Map<String, String> labels) {
        public Operator {
            labels = Map.copyOf(labels);
        }
    }

    /** That of the storage nodes. */
    public static NetworkPolicy ofStorageNodes(LilioCluster cluster, Operator operator) {
        List<NetworkPolicyIngressRule> rules = new ArrayList<>();
        rules.add(new NetworkPolicyIngressRuleBuilder().withPorts(port(Port.S3)).build());
        rules.add(
                rule(List.of(own(cluster), peer(operator)), Port.ADMIN, Port.RPC, Port.MANAGEMENT));
        if (cluster.getSpec().serviceMonitor()) {
            rules.add(rule(List.of(PROMETHEUS), Port.MANAGEMENT));
        }
        return policy(cluster, Component.STORAGE_NODE, Names.of(cluster).storageNodes(), rules);
    }

    /** That of the managed etcd. */
    public static NetworkPolicy ofEtcd(LilioCluster cluster, Operator operator) {
        List<NetworkPolicyIngressRule> rules = new ArrayList<>();
        rules.add(rule(List.of(own(cluster), peer(operator)), Port.ETCD_CLIENT));
        NetworkPolicyPeer members =
                new NetworkPolicyPeerBuilder()
                        .withPodSelector(Labels.selector(cluster, Component.ETCD))
                        .build();
        rules.add(rule(List.of(members), Port.ETCD_PEER));
        if (cluster.getSpec().serviceMonitor()) {
            rules.add(rule(List.of(PROMETHEUS), Port.ETCD_METRICS));
        }
        return policy(cluster, Component.ETCD, Names.of(cluster).etcd(), rules);
    }

    private static NetworkPolicy policy(
            LilioCluster cluster,
            Component component,
            String name,
            List<NetworkPolicyIngressRule> rules) {
        return new NetworkPolicyBuilder()
                .withMetadata(ObjectMetas.owned(cluster, component, name).build())
                .withNewSpec()
                .withPodSelector(Labels.selector(cluster, component))
                .withPolicyTypes("Ingress")
                .withIngress(rules)
                .endSpec()
                .build();
    }

    private static NetworkPolicyPeer own(LilioCluster cluster) {
        return new NetworkPolicyPeerBuilder()
                .withPodSelector(
                        Labels.selector(Map.of(Labels.CLUSTER, Names.of(cluster).cluster())))
                .build();
    }

    private static NetworkPolicyPeer peer(Operator operator) {
        return new NetworkPolicyPeerBuilder()
                .withNamespaceSelector(
                        Labels.selector(
                                Map.of("kubernetes.io/metadata.name", operator.namespace())))
                .withPodSelector(Labels.selector(operator.labels()))
                .build();
    }

    private static NetworkPolicyIngressRule rule(List<NetworkPolicyPeer> from, Port... ports) {
        return new NetworkPolicyIngressRuleBuilder()
                .withFrom(from)
                .withPorts(Arrays.stream(ports).map(IngressPolicy::port).toList())
                .build();
    }

    private static NetworkPolicyPort port(Port port) {
        return new NetworkPolicyPortBuilder()
                .withProtocol("TCP")
                .withPort(port.reference())
                .build();
    }
}
