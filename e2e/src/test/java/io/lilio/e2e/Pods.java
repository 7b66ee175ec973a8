package io.lilio.e2e;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What pods say of themselves. */
final class Pods {

    private Pods() {}

    /** Whether it serves and is to stay. */
    static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(
                                each ->
                                        each.getType().equals("Ready")
                                                && each.getStatus().equals("True"));
    }

    /** By name: which pod it is, and how often its containers were started again. */
    static Map<String, String> incarnations(List<Pod> pods) {
        Map<String, String> all = new TreeMap<>();
        for (Pod pod : pods) {
            int restarts =
                    pod.getStatus().getContainerStatuses().stream()
                            .mapToInt(ContainerStatus::getRestartCount)
                            .sum();
            all.put(
                    pod.getMetadata().getName(),
                    pod.getMetadata().getUid() + " restarted " + restarts);
        }
        return all;
    }

    static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
