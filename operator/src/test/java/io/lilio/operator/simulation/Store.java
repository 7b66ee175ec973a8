package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.CustomResource;
import io.lilio.operator.kube.Kubernetes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A {@link FakeKubernetes} that answers with what it keeps and remembers lists: making a copy for
 * each read would take most of a simulation's time. What is read here must not be changed. Not
 * thread-safe.
 */
final class Store implements Kubernetes {

    private final FakeKubernetes kubernetes;
    private final Map<String, Map<String, Object>> remembered = new HashMap<>();
    private long version;

    Store(FakeKubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    @SuppressWarnings("unchecked") // what was put under a key is of the type that is asked for
    private <T> T remember(String kind, String key, Supplier<T> read) {
        return (T)
                remembered
                        .computeIfAbsent(kind, _ -> new HashMap<>())
                        .computeIfAbsent(key, _ -> Objects.requireNonNull(read.get()));
    }

    private void forget(String kind) {
        remembered.remove(kind);
        version++;
    }

    private void forgetAll() {
        remembered.clear();
        version++;
    }

    /** Another number after every write, also of what was so already. */
    long version() {
        return version;
    }

    @Override
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String namespace, String name) {
        return remember(
                HasMetadata.getKind(kind),
                namespace + "/" + name,
                () -> kubernetes.peek(kind, namespace, name));
    }

    @Override
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String name) {
        return get(kind, "", name);
    }

    @Override
    public Optional<GenericKubernetesResource> find(GenericKubernetesResource like) {
        return kubernetes.find(like);
    }

    @Override
    public <T extends HasMetadata> List<T> list(
            Class<T> kind, String namespace, Map<String, String> labels) {
        return remember(
                HasMetadata.getKind(kind),
                namespace + "?" + labels,
                () ->
                        all(kind).stream()
                                .filter(each -> namespace.equals(each.getMetadata().getNamespace()))
                                .filter(each -> carries(each, labels))
                                .toList());
    }

    <T extends HasMetadata> List<T> all(Class<T> kind) {
        return kubernetes.peek(kind);
    }

    private static boolean carries(HasMetadata object, Map<String, String> labels) {
        Map<String, String> there = object.getMetadata().getLabels();
        return there != null && there.entrySet().containsAll(labels.entrySet());
    }

    @Override
    public <T extends HasMetadata> T apply(T object) {
        T result = kubernetes.apply(object);
        forget(object.getKind());
        return result;
    }

    @Override
    public <T extends HasMetadata> T create(T object) {
        T result = kubernetes.create(object);
        forget(object.getKind());
        return result;
    }

    @Override
    public void delete(HasMetadata object) {
        kubernetes.delete(object);
        forgetAll();
    }

    @Override
    public StatefulSet scale(StatefulSet read, int replicas) {
        StatefulSet result = kubernetes.scale(read, replicas);
        forget("StatefulSet");
        return result;
    }

    @Override
    public boolean evict(Pod pod) {
        throw new UnsupportedOperationException("pods end slowly: see SimulatedPods");
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeStatus(T resource) {
        T result = kubernetes.writeStatus(resource);
        forget(resource.getKind());
        return result;
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeConditions(T resource, List<?> conditions) {
        T result = kubernetes.writeConditions(resource, conditions);
        forget(resource.getKind());
        return result;
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeMetadata(T resource) {
        T result = kubernetes.writeMetadata(resource);
        forgetAll();
        return result;
    }

    /** Somebody else makes an object. */
    <T extends HasMetadata> T put(T object) {
        T result = kubernetes.put(object);
        forget(object.getKind());
        return result;
    }

    /** Somebody else edits an object that is there. */
    <T extends HasMetadata> T edit(T object, UnaryOperator<T> change) {
        @SuppressWarnings("unchecked") // an object's class is that of its kind
        Class<T> kind = (Class<T>) object.getClass();
        String namespace = object.getMetadata().getNamespace();
        T result =
                kubernetes.edit(
                        kind,
                        namespace == null ? "" : namespace,
                        object.getMetadata().getName(),
                        change);
        forget(object.getKind());
        return result;
    }

    /** Somebody else removes an object, with whatever it owns. */
    void remove(HasMetadata object) {
        kubernetes.remove(object);
        forgetAll();
    }
}
