package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Service;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.S3Spec;
import io.lilio.crd.cluster.S3Spec.ServiceType;

/** The Service that clients reach S3 by. */
public final class S3Service {

    private S3Service() {}

    /** As it is to be. */
    public static Service of(LilioCluster cluster) {
        S3Spec s3 = cluster.getSpec().s3();
        return Services.balanced(
                        cluster, Component.STORAGE_NODE, Names.of(cluster).storageNodes(), Port.S3)
                .editMetadata()
                .withAnnotations(s3.annotations())
                .endMetadata()
                .editSpec()
                .withType(text(s3.serviceType()))
                .endSpec()
                .build();
    }

    /** Where clients inside Kubernetes reach S3. */
    public static String endpoint(LilioCluster cluster) {
        Names names = Names.of(cluster);
        return "http://%s:%d".formatted(names.address(names.storageNodes()), Port.S3.number());
    }

    private static String text(ServiceType type) {
        return switch (type) {
            case CLUSTER_IP -> "ClusterIP";
            case NODE_PORT -> "NodePort";
            case LOAD_BALANCER -> "LoadBalancer";
        };
    }
}
