package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Map;

/**
 * The ServiceMonitor by which Prometheus' operator finds the metrics of the storage nodes, and of
 * the managed etcd where there is one: of all Services of the cluster, those with the ports named
 * here. Only where Kubernetes knows the kind.
 */
public final class Monitor {

    public static final String API_VERSION = "monitoring.coreos.com/v1";
    public static final String KIND = "ServiceMonitor";

    private static final String INTERVAL = "30s";

    private Monitor() {}

    /** As it is to be. */
    public static GenericKubernetesResource of(LilioCluster cluster) {
        Names names = Names.of(cluster);
        Map<String, Object> spec =
                Map.of(
                        "selector",
                        Map.of("matchLabels", Map.of(Labels.CLUSTER, names.cluster())),
                        "endpoints",
                        List.of(
                                endpoint(Port.MANAGEMENT, "/q/metrics"),
                                endpoint(Port.ETCD_METRICS, "/metrics")));
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(API_VERSION)
                .withKind(KIND)
                .withMetadata(
                        ObjectMetas.owned(cluster, Component.STORAGE_NODE, names.storageNodes())
                                .build())
                .addToAdditionalProperties("spec", spec)
                .build();
    }

    private static Map<String, Object> endpoint(Port port, String path) {
        return Map.of("port", port.text(), "path", path, "interval", INTERVAL);
    }
}
