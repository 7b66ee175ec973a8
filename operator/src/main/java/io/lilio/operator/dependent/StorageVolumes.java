package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of a storage node: {@code data} is its data directory, with its own files and {@code
 * disk1} in it; {@code disk2} and on are mounted below that, each a backend of its own.
 */
final class StorageVolumes {

    static final String DATA = "data";

    private StorageVolumes() {}

    /** The name of a backend, from 1 on. */
    static String backend(int number) {
        return "disk" + number;
    }

    /** Where a backend keeps its chunks. */
    static String path(String backend) {
        return ServerFiles.DATA + "/" + backend;
    }

    /** The claim templates of a StatefulSet; they can never change. */
    static List<PersistentVolumeClaim> claims(LilioCluster cluster, Quantity size) {
        int volumes = cluster.getSpec().storage().volumesPerNode();
        return IntStream.rangeClosed(1, volumes)
                .mapToObj(StorageVolumes::volume)
                .map(name -> claim(cluster, Component.STORAGE_NODE, name, size))
                .toList();
    }

    /** One claim template, for a volume that one node at a time writes. */
    static PersistentVolumeClaim claim(
            LilioCluster cluster, Component component, String name, Quantity size) {
        @Nullable String storageClass = cluster.getSpec().storage().storageClassName();
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Labels.of(cluster, component))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storageClass)
                .withNewResources()
                .withRequests(Map.of("storage", size))
                .endResources()
                .endSpec()
                .build();
    }

    static List<VolumeMount> mounts(LilioCluster cluster) {
        int volumes = cluster.getSpec().storage().volumesPerNode();
        return IntStream.rangeClosed(1, volumes)
                .mapToObj(
                        number ->
                                number == 1
                                        ? ServerFiles.mount(DATA, ServerFiles.DATA)
                                        : ServerFiles.mount(volume(number), path(backend(number))))
                .toList();
    }

    /** The volume of a backend, whose claim is that, a minus sign and the pod's name. */
    static String volumeOf(String backend) {
        return backend.equals(backend(1)) ? DATA : backend;
    }

    private static String volume(int number) {
        return number == 1 ? DATA : backend(number);
    }
}
