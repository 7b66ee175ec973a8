package io.lilio.operator.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What has to have happened in some of the seeds. */
final class Occurrences {

    /** Writes in whose midst a process dies. */
    static final List<String> WRITES =
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
                    "RingApi.replace",
                    "RingApi.relocate",
                    "RingApi.remove",
                    "OperationsApi.start",
                    "BucketsApi.create",
                    "BucketsApi.delete",
                    "BucketsApi.release",
                    "KeysApi.create",
                    "KeysApi.delete");

    private Occurrences() {}

    /** All of them, as {@link Coverage} counts them. */
    static List<String> wanted() {
        List<String> wanted = new ArrayList<>();
        for (String write : WRITES) {
            wanted.add("wrote " + write);
        }
        Arrays.stream(Mishap.values()).map(each -> "mishap " + each).forEach(wanted::add);
        Arrays.stream(Weather.values()).map(each -> "weather " + each).forEach(wanted::add);
        return wanted;
    }
}
