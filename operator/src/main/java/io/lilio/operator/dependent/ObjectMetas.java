package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.lilio.crd.cluster.LilioCluster;

/** The metadata of a cluster's objects. */
final class ObjectMetas {

    private ObjectMetas() {}

    /** Of an object that goes when the LilioCluster goes. */
    static ObjectMetaBuilder owned(LilioCluster cluster, Component component, String name) {
        return kept(cluster, component, name).withOwnerReferences(owner(cluster));
    }

    /** Of an object that stays when the LilioCluster goes. */
    static ObjectMetaBuilder kept(LilioCluster cluster, Component component, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(Names.of(cluster).namespace())
                .withLabels(Labels.of(cluster, component));
    }

    private static OwnerReference owner(LilioCluster cluster) {
        return new OwnerReferenceBuilder()
                .withApiVersion(cluster.getApiVersion())
                .withKind(cluster.getKind())
                .withName(cluster.getMetadata().getName())
                .withUid(cluster.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}
