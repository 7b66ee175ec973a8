package io.lilio.operator.runtime;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;

/** Resources as the API server has them. */
final class Resources {

    private Resources() {}

    static LilioCluster cluster() {
        return new KubernetesSerialization()
                .unmarshal(
                        """
                        apiVersion: lilio.io/v1alpha1
                        kind: LilioCluster
                        metadata: {name: demo, namespace: lab, uid: u1, generation: 3}
                        spec:
                          version: 1.2.3
                          image: {repository: lilio}
                          storage: {size: 10Gi}
                          metadata: {managed: {}}
                        status:
                          conditions:
                            - {type: Ready, status: "False", reason: Bootstrapping, message: "",
                               observedGeneration: 3, lastTransitionTime: "2026-11-30T10:00:00Z"}
                        """,
                        LilioCluster.class);
    }

    /**
     * A bucket in the namespace lab that names the cluster demo.
     *
     * @param namespace of the cluster; empty: none is given
     */
    static LilioBucket bucket(String name, String namespace) {
        return new KubernetesSerialization()
                .unmarshal(
                        """
                        apiVersion: lilio.io/v1alpha1
                        kind: LilioBucket
                        metadata: {name: %s, namespace: lab}
                        spec: {clusterRef: {name: demo %s}}
                        """
                                .formatted(
                                        name,
                                        namespace.isEmpty() ? "" : ", namespace: " + namespace),
                        LilioBucket.class);
    }
}
