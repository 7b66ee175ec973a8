package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
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

    /** The object of the kind and name of another one; empty also where there is no such kind. */
    Optional<GenericKubernetesResource> find(GenericKubernetesResource like);

    /** All objects of a kind in a namespace that carry some labels, in order of their names. */
    <T extends HasMetadata> List<T> list(
            Class<T> kind, String namespace, Map<String, String> labels);

    /**
     * Makes an object, or what it says of one that is there, so, by server-side apply as the field
     * manager {@code lilio-operator}. Fields that others set are left to them; those that are set
     * here are taken over. Where that changes nothing, nothing is written. A kind that Kubernetes
     * does not know is a {@link KubernetesException} with status 404.
     *
     * <p>An object that is there and belongs to somebody else is left as it is: {@link
     * ForeignObjectException}. It is the operator's own if it has the owner that {@code object}
     * names; or if either names no owner and it carries the operator's {@code managed-by} label, as
     * what a former cluster has left behind does.
     *
     * @param object with a resourceVersion only where it is to be what it was then: a conflict when
     *     it has changed since, or is gone
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
     * not. Whoever applies it later has to say the same number, or it is taken back.
     */
    StatefulSet scale(StatefulSet read, int replicas);

    /**
     * Has a pod evicted, if it is still the one that was read, by uid: a conflict when it is not.
     *
     * @return false when its PodDisruptionBudget does not let it go now; true also when there is no
     *     such pod any more
     * @throws OverlappingBudgetsException when it has several, and never goes therefore
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
     * The same of {@code status.conditions} alone; the rest of status stays as it is, also what the
     * resource's class cannot tell of it.
     *
     * @return as it is then
     */
    <T extends CustomResource<?, ?>> T writeConditions(T resource, List<?> conditions);

    /**
     * Makes the finalizers and annotations of a resource what they are here, and nothing else of
     * it, under the resourceVersion that it was read with: a conflict when it has changed since.
     *
     * @return as it is then
     */
    <T extends CustomResource<?, ?>> T writeMetadata(T resource);
}
