package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.lilio.crd.cluster.LilioCluster;
import java.util.Arrays;
import java.util.List;

/** What Services have in common. */
final class Services {

    private Services() {}

    /** One that gives every pod of a component an address, ready or not. */
    static Service headless(LilioCluster cluster, Component component, String name, Port... ports) {
        return new ServiceBuilder()
                .withMetadata(ObjectMetas.owned(cluster, component, name).build())
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.selecting(cluster, component))
                .withPorts(ports(ports))
                .endSpec()
                .build();
    }

    /** One with an address of its own, behind which are the pods that are ready. */
    static ServiceBuilder balanced(
            LilioCluster cluster, Component component, String name, Port port) {
        return new ServiceBuilder()
                .withMetadata(ObjectMetas.owned(cluster, component, name).build())
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(Labels.selecting(cluster, component))
                .withPorts(ports(port))
                .endSpec();
    }

    private static List<ServicePort> ports(Port... ports) {
        return Arrays.stream(ports).map(Port::inService).toList();
    }
}
