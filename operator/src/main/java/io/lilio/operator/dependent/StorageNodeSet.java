package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.lilio.crd.cluster.LilioCluster;

/**
 * The StatefulSet of the storage nodes. All pods are started at once, and none is ever restarted by
 * Kubernetes because the template has changed: that is the operator's to do, one at a time. Volumes
 * stay, whatever becomes of it.
 */
public final class StorageNodeSet {

    private StorageNodeSet() {}

    /**
     * What it depends on besides the resource.
     *
     * @param replicas as the planner has it, never fewer than hold data
     * @param volumeSize as the StatefulSet that is there has it, since that cannot be changed; the
     *     spec's while there is none
     * @param etcdCertificate as in {@link StorageNodeConfig#of}
     */
    public record Given(int replicas, Quantity volumeSize, boolean etcdCertificate) {}

    /** As it is to be. */
    public static StatefulSet of(LilioCluster cluster, Given given) {
        Names names = Names.of(cluster);
        return new StatefulSetBuilder()
                .withMetadata(
                        ObjectMetas.owned(cluster, Component.STORAGE_NODE, names.storageNodes())
                                .build())
                .withNewSpec()
                .withReplicas(given.replicas())
                .withServiceName(names.nodesService())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withSelector(Labels.selector(cluster, Component.STORAGE_NODE))
                .withTemplate(template(cluster, given.etcdCertificate()))
                .withVolumeClaimTemplates(StorageVolumes.claims(cluster, given.volumeSize()))
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted("Retain")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .endSpec()
                .build();
    }

    private static PodTemplateSpec template(LilioCluster cluster, boolean etcdCertificate) {
        return new PodTemplateSpecBuilder(StorageNodeTemplate.of(cluster))
                .editMetadata()
                .addToAnnotations(
                        TemplateIdentity.ANNOTATION, TemplateIdentity.of(cluster, etcdCertificate))
                .endMetadata()
                .build();
    }
}
