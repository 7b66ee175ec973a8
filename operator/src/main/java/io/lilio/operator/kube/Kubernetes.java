package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kubernetes, as far as the operator needs it. All reads are live: none is answered from a cache.
 * Thread-safe; blocking, for ten seconds at most a call.
 *
 * <p>Every method throws {@link KubernetesException} when the API server refuses, does not answer,
 * or answers what cannot be understood; what it was told may then have happened or not, except
 * where the exception says that it was refused.
 */
public interface Kubernetes {

    /** An object as it is now; empty when there is none of that name. */
    <T extends HasMetadata> Optional<T> get(Class<T> kind, String namespace, String name);

    /** A Kubernetes object without a namespace, such as a Node or a Namespace. */
    <T extends HasMetadata> Optional<T> get(Class<T> kind, String name);

    /** All objects of a kind in a namespace that carry some labels, in order of their names. */
    <T extends HasMetadata> List<T> list(
            Class<T> kind, String namespace, Map<String, String> labels);

    /**
     * Makes an object, or what it says of one that is there, so, by server-side apply as the field
     * manager {@code lilio-operator}. Fields that others set are left to them; those that are set
     * here are taken over.
     *
     * <p>An object that is there and belongs to somebody else (no owner reference to the one that
     * {@code object} names, or not the operator's {@code managed-by} label where it names none) is
     * left as it is: {@link ForeignObjectException}.
     *
     * @return as it is then
     */
    <T extends HasMetadata> T apply(T object);

    /** Makes an object that is not there: {@link KubernetesException#isConflict} when it is. */
    <T extends HasMetadata> T create(T object);

    /**
     * Removes an object if it is still the one that was read, by uid and resourceVersion: a
     * conflict when it is not. One that is not there any more is no error.
     */
    void delete(HasMetadata object);

    /**
     * Sets how many pods a StatefulSet has, if it is still as it was read: a conflict when it is
     * not.
     */
    StatefulSet scale(StatefulSet read, int replicas);

    /**
     * Has a pod evicted, if it is still the one that was read, by uid.
     *
     * @return false when its PodDisruptionBudget does not let it go now
     */
    boolean evict(Pod pod);

    /**
     * Writes the status of a resource under the resourceVersion that it was read with: a conflict
     * when it has changed since.
     *
     * @return as it is then
     */
    <T extends CustomResource<?, ?>> T writeStatus(T resource);

    /**
     * Adds or removes a finalizer or an annotation of a resource, under the resourceVersion that it
     * was read with: a conflict when it has changed since.
     *
     * @return as it is then
     */
    <T extends CustomResource<?, ?>> T writeMetadata(T resource);
}
