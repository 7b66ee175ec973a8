package io.lilio.e2e;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashMap;
import java.util.Map;

/** The spec of a LilioCluster that is to be made, small enough for one machine. */
final class Spec {

    /** What {@code make images} calls the storage nodes' image. */
    static final String REPOSITORY = "lilio";

    static final String VERSION = "dev";

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private Spec() {}

    /**
     * One with an etcd member, so few partitions that a change of the ring takes no longer than its
     * data need, and volumes that go with it.
     */
    static Spec of(int replicas) {
        return new Spec()
                .with("version", VERSION)
                .with("image.repository", REPOSITORY)
                .with("replicas", replicas)
                .with("ring.partitions", 256)
                .with("storage.size", "1Gi")
                .with("metadata.managed.replicas", 1)
                .with("metadata.managed.storage", "1Gi")
                .with("resources.requests.cpu", "100m")
                .with("resources.requests.memory", "512Mi")
                .with("resources.limits.memory", "1Gi")
                .with("deletionPolicy", "Delete");
    }

    /** The same with another value somewhere, such as {@code metadata.managed.replicas}. */
    Spec with(String path, Object value) {
        Map<String, Object> at = fields;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            at = child(at, names[i]);
        }
        at.put(names[names.length - 1], value);
        return this;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> parent, String name) {
        return (Map<String, Object>)
                parent.computeIfAbsent(name, n -> new LinkedHashMap<String, Object>());
    }

    /** A LilioCluster with it. */
    String asCluster(String name, String namespace) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("apiVersion", "lilio.io/v1alpha1");
        resource.put("kind", "LilioCluster");
        resource.put("metadata", Map.of("name", name, "namespace", namespace));
        resource.put("spec", fields);
        return Serialization.asYaml(resource);
    }
}
