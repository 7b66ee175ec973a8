package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import java.util.List;

/**
 * A StorageClass of volumes that are file systems of their own and small, as those of kind are not:
 * some on each worker, in memory.
 */
final class SmallVolumes {

    static final String STORAGE_CLASS = "e2e-small";

    private static final String ROOT = "/var/e2e-small";
    private static final int EACH = 3;
    private static final int SIZE_MIB = 640;

    /** What a storage node keeps free (docs/configuration.md), of the size. */
    private static final long RESERVE_BYTES = ((long) SIZE_MIB << 20) / 20;

    private final Kubernetes kubernetes;
    private final Machines machines;

    private SmallVolumes(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
        this.machines = new Machines(kubernetes);
    }

    /** Makes them, until the scenario ends. */
    static SmallVolumes make(Scenario scenario) {
        SmallVolumes volumes = new SmallVolumes(scenario.kubernetes());
        scenario.removeLast(volumes::remove);
        volumes.remove();
        volumes.make();
        return volumes;
    }

    private void make() {
        kubernetes.apply(
                """
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: %s}
                provisioner: kubernetes.io/no-provisioner
                volumeBindingMode: WaitForFirstConsumer
                """
                        .formatted(STORAGE_CLASS));
        for (String worker : kubernetes.workers()) {
            for (int i = 0; i < EACH; i++) {
                String path = ROOT + "/" + i;
                machines.shell(
                        worker,
                        "mkdir -p %1$s && mount -t tmpfs -o size=%2$dm,mode=0777 tmpfs %1$s"
                                .formatted(path, SIZE_MIB));
                kubernetes.apply(volume(worker, i, path));
            }
        }
    }

    private static String volume(String worker, int number, String path) {
        return """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: %1$s-%2$s-%3$d, labels: {e2e: small}}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          persistentVolumeReclaimPolicy: Retain
          storageClassName: %1$s
          local: {path: %4$s}
          nodeAffinity:
            required:
              nodeSelectorTerms:
                - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [%2$s]}]
        """
                .formatted(STORAGE_CLASS, worker, number, path);
    }

    /** Leaves so much room beside the reserve on the volume of a claim. */
    void fill(String namespace, String claim, long freeBytes) {
        PersistentVolume volume = of(namespace, claim);
        String worker = worker(volume);
        String path = volume.getSpec().getLocal().getPath();
        machines.shell(
                worker,
                """
                free=$(df -B1 --output=avail %1$s | tail -n 1)
                fallocate -l $((free - %2$d)) %1$s/filler
                """
                        .formatted(path, RESERVE_BYTES + freeBytes));
    }

    /** Gives the room back. */
    void empty(String namespace, String claim) {
        PersistentVolume volume = of(namespace, claim);
        machines.shell(worker(volume), "rm " + volume.getSpec().getLocal().getPath() + "/filler");
    }

    private PersistentVolume of(String namespace, String claim) {
        String volume =
                kubernetes
                        .client()
                        .persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName(claim)
                        .require()
                        .getSpec()
                        .getVolumeName();
        return kubernetes.client().persistentVolumes().withName(volume).require();
    }

    private static String worker(PersistentVolume volume) {
        List<String> workers =
                volume.getSpec()
                        .getNodeAffinity()
                        .getRequired()
                        .getNodeSelectorTerms()
                        .getFirst()
                        .getMatchExpressions()
                        .getFirst()
                        .getValues();
        assertThat(workers).hasSize(1);
        return workers.getFirst();
    }

    /** Called when nobody uses them. */
    private void remove() {
        kubernetes.attempt("delete", "persistentvolumes", "-l", "e2e=small", "--timeout=2m");
        kubernetes.attempt("delete", "storageclass", STORAGE_CLASS, "--ignore-not-found");
        for (String worker : kubernetes.workers()) {
            machines.shell(
                    worker,
                    "for d in %1$s/*; do umount \"$d\" 2>/dev/null || true; done; rm -rf %1$s"
                            .formatted(ROOT));
        }
    }
}
