package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The mark on a volume that is kept although its members were removed: what is on it is nobody's
 * any more, and is erased when a pod gets it again.
 */
public final class RemovedVolume {

    /** The annotation that tells whose it was. */
    public static final String MEMBERS = "lilio.io/removed-members";

    private RemovedVolume() {}

    /** The claims of a storage pod. */
    public static List<String> claims(LilioCluster cluster, String pod) {
        return IntStream.rangeClosed(1, cluster.getSpec().storage().volumesPerNode())
                .mapToObj(StorageVolumes::backend)
                .map(backend -> Names.of(cluster).claim(backend, pod))
                .toList();
    }

    /**
     * What is said of a claim that is there.
     *
     * @param members that were removed with its pod
     */
    public static PersistentVolumeClaim of(LilioCluster cluster, String claim, List<UUID> members) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(
                        ObjectMetas.kept(cluster, Component.STORAGE_NODE, claim)
                                .addToAnnotations(
                                        MEMBERS,
                                        members.stream()
                                                .map(UUID::toString)
                                                .collect(Collectors.joining(",")))
                                .build())
                .build();
    }
}
