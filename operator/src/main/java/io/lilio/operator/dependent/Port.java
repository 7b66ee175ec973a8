package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;

/** The ports of a cluster's containers, by the names that probes and Services know them by. */
enum Port {
    S3("s3", 9000),
    ADMIN("admin", 9001),
    /** Between nodes. */
    RPC("rpc", 9002),
    /** Health and metrics. */
    MANAGEMENT("management", 9003),
    ETCD_CLIENT("client", 2379),
    ETCD_PEER("peer", 2380),
    /** Health and metrics of etcd, served before it has found its peers. */
    ETCD_METRICS("metrics", 2381);

    private final String text;
    private final int number;

    Port(String text, int number) {
        this.text = text;
        this.number = number;
    }

    /** Its name in containers and Services. */
    String text() {
        return text;
    }

    int number() {
        return number;
    }

    IntOrString reference() {
        return new IntOrString(text);
    }

    ContainerPort inContainer() {
        return new ContainerPortBuilder()
                .withName(text)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    ServicePort inService() {
        return new ServicePortBuilder()
                .withName(text)
                .withPort(number)
                .withTargetPort(reference())
                .withProtocol("TCP")
                .build();
    }
}
