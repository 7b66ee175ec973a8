package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.CustomResource;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.simulation.Calls.Target;
import io.lilio.operator.simulation.Calls.Write;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Kubernetes as one process of the operator sees it. */
final class FaultyKubernetes implements Kubernetes {

    private final Scene scene;
    private final Calls calls;

    FaultyKubernetes(Scene scene, Calls calls) {
        this.scene = scene;
        this.calls = calls;
    }

    @Override
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String namespace, String name) {
        calls.reading(Target.KUBERNETES, "get " + HasMetadata.getKind(kind));
        return scene.store.get(kind, namespace, name);
    }

    @Override
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String name) {
        calls.reading(Target.KUBERNETES, "get " + HasMetadata.getKind(kind));
        return scene.store.get(kind, name);
    }

    @Override
    public Optional<GenericKubernetesResource> find(GenericKubernetesResource like) {
        calls.reading(Target.KUBERNETES, "get " + like.getKind());
        return scene.store.find(like);
    }

    @Override
    public <T extends HasMetadata> List<T> list(
            Class<T> kind, String namespace, Map<String, String> labels) {
        calls.reading(Target.KUBERNETES, "list " + HasMetadata.getKind(kind));
        return scene.store.list(kind, namespace, labels);
    }

    private <T> T write(String verb, HasMetadata object, int number, Supplier<T> effect) {
        return calls.writing(
                Target.KUBERNETES,
                new Write(verb + " " + object.getKind(), object, number),
                effect);
    }

    @Override
    public <T extends HasMetadata> T apply(T object) {
        return write("apply", object, 0, () -> scene.store.apply(object));
    }

    @Override
    public <T extends HasMetadata> T create(T object) {
        return write("create", object, 0, () -> scene.store.create(object));
    }

    @Override
    public void delete(HasMetadata object) {
        write(
                "delete",
                object,
                0,
                () -> {
                    scene.store.delete(object);
                    scene.kubelets.see();
                    return object;
                });
    }

    @Override
    public StatefulSet scale(StatefulSet read, int replicas) {
        return write("scale", read, replicas, () -> scene.store.scale(read, replicas));
    }

    @Override
    public boolean evict(Pod pod) {
        return write("evict", pod, 0, () -> scene.kubelets.evict(pod));
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeStatus(T resource) {
        return write("status of", resource, 0, () -> scene.store.writeStatus(resource));
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeConditions(T resource, List<?> conditions) {
        return write(
                "status of", resource, 0, () -> scene.store.writeConditions(resource, conditions));
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeMetadata(T resource) {
        return write("metadata of", resource, 0, () -> scene.store.writeMetadata(resource));
    }
}
