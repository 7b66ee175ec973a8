package io.lilio.operator.simulation;

import io.lilio.crd.cluster.ClusterOperation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What has to have happened in some of the seeds. */
final class Occurrences {

    /** Writes in whose midst a process dies. */
    private static final List<String> WRITES =
            List.of(
                    "create Secret",
                    "apply StatefulSet",
                    "apply Secret",
                    "apply PersistentVolumeClaim",
                    "scale StatefulSet",
                    "evict Pod",
                    "delete PersistentVolumeClaim",
                    "create Job",
                    "delete Job",
                    "status of LilioCluster",
                    "status of LilioBucket",
                    "RingApi.admit",
                    "RingApi.drain",
                    "RingApi.cancel",
                    "RingApi.markLost",
                    "RingApi.readmit",
                    "RingApi.relocate",
                    "RingApi.remove",
                    "OperationsApi.start",
                    "BucketsApi.create",
                    "BucketsApi.delete",
                    "BucketsApi.release",
                    "KeysApi.create",
                    "KeysApi.delete");

    /** The same, in few seeds only. */
    private static final List<String> RARE_WRITES =
            List.of(
                    "delete Secret",
                    "RingApi.replace",
                    "OperationsApi.cancel",
                    "Etcd.add",
                    "Etcd.remove");

    /** All of them. */
    static List<String> writes() {
        return Stream.concat(WRITES.stream(), RARE_WRITES.stream()).toList();
    }

    private static final List<String> FAULTS =
            List.of(
                    "died before a write",
                    "died after a write",
                    "answer lost",
                    "API server 409",
                    "API server 429",
                    "API server 500",
                    "API server silent",
                    "admin API silent",
                    "another cluster was asked",
                    "stale resource",
                    "etcd volume lost",
                    "etcd pod deleted",
                    "old pods crashed beside a bad image",
                    "wrote Etcd.remove",
                    "wrote Etcd.add",
                    "second operator",
                    "operator stood still",
                    "operator stood still before apply StatefulSet",
                    "deletion keeps",
                    "deletion deletes",
                    "released LilioBucket");

    private static final List<String> PHASES =
            List.of("Asking", "Moving", "Cancelling", "Shrinking", "Restarting", "Renewing");

    private Occurrences() {}

    /** What more of it many seeds reach: a process dies right after each kind of write. */
    static List<String> wantedOfMany() {
        return writes().stream()
                .flatMap(write -> Stream.of("wrote " + write, "died after " + write))
                .toList();
    }

    /** All of them, as {@link Coverage} counts them. */
    static List<String> wanted() {
        List<String> wanted = new ArrayList<>();
        for (String write : WRITES) {
            wanted.add("wrote " + write);
        }
        wanted.addAll(FAULTS);
        Arrays.stream(ClusterOperation.Type.values())
                .map(each -> "operation " + each)
                .forEach(wanted::add);
        PHASES.stream().map(each -> "phase " + each).forEach(wanted::add);
        Arrays.stream(Mishap.values()).map(each -> "mishap " + each).forEach(wanted::add);
        Arrays.stream(Weather.values()).map(each -> "weather " + each).forEach(wanted::add);
        return wanted;
    }
}
