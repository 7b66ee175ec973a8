package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.ApiVersionUtil;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes over fabric8's client. Nothing is sent twice: whoever calls decides whether to try
 * again, since a write that is repeated later meets another world.
 */
public final class FabricKubernetes implements Kubernetes {

    /** As whom fields are owned, and what {@code managed-by} says. */
    public static final String MANAGER = "lilio-operator";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;

    private final KubernetesClient client;
    private final BoundedCalls calls = new BoundedCalls(LIMIT);

    /**
     * @param client made with {@link #settings}; stays open
     */
    public FabricKubernetes(KubernetesClient client) {
        this.client = client;
    }

    /** How a client for this has to be made: one attempt a call, and less than ten seconds. */
    public static Config settings(Config base) {
        return new ConfigBuilder(base)
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout(5_000)
                .withRequestTimeout(9_000)
                .build();
    }

    @Override
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String namespace, String name) {
        return Optional.ofNullable(
                calls.<@Nullable T>call(
                        "reading " + kind.getSimpleName() + " " + namespace + "/" + name,
                        () -> client.resources(kind).inNamespace(namespace).withName(name).get()));
    }

    @Override
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String name) {
        return Optional.ofNullable(
                calls.<@Nullable T>call(
                        "reading " + kind.getSimpleName() + " " + name,
                        () -> client.resources(kind).withName(name).get()));
    }

    @Override
    public Optional<GenericKubernetesResource> find(GenericKubernetesResource like) {
        return Optional.ofNullable(
                calls.<@Nullable GenericKubernetesResource>call(
                        "reading " + describe(like), () -> resource(like).get()));
    }

    @Override
    public <T extends HasMetadata> List<T> list(
            Class<T> kind, String namespace, Map<String, String> labels) {
        List<T> found =
                calls.call(
                        "listing " + kind.getSimpleName() + "s in " + namespace,
                        () ->
                                client.resources(kind)
                                        .inNamespace(namespace)
                                        .withLabels(labels)
                                        .list()
                                        .getItems());
        return found.stream()
                .sorted(Comparator.comparing(each -> each.getMetadata().getName()))
                .toList();
    }

    @Override
    public <T extends HasMetadata> T apply(T object) {
        return calls.call("applying " + describe(object), () -> applyIfOwn(object));
    }

    private <T extends HasMetadata> T applyIfOwn(T object) {
        T live = resource(object).get();
        requireVersion(object, live);
        if (live != null && !Ownership.isOwn(live, object)) {
            throw new ForeignObjectException(describe(object));
        }
        return resource(live == null ? object : bound(object, live))
                .fieldManager(MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    /** Sent along, it is compared once more; of an object that is gone it would not be. */
    private static <T extends HasMetadata> void requireVersion(T object, @Nullable T live) {
        @Nullable String wanted = object.getMetadata().getResourceVersion();
        if (wanted != null && (live == null || !wanted.equals(version(live)))) {
            throw new KubernetesException(CONFLICT, describe(object) + " has changed, or is gone");
        }
    }

    /**
     * The same object for the very one that was looked at: the uid makes a conflict of it when that
     * has given way to another one meanwhile.
     */
    private <T extends HasMetadata> T bound(T object, T live) {
        T bound = client.getKubernetesSerialization().clone(object);
        bound.getMetadata().setUid(live.getMetadata().getUid());
        return bound;
    }

    @Override
    public <T extends HasMetadata> T create(T object) {
        return calls.call("making " + describe(object), () -> resource(object).create());
    }

    @Override
    public void delete(HasMetadata object) {
        DeleteOptions options =
                new DeleteOptionsBuilder()
                        .withApiVersion("v1")
                        .withPropagationPolicy("Background")
                        .withNewPreconditions(version(object), uid(object))
                        .build();
        try {
            calls.<@Nullable String>call(
                    "deleting " + describe(object),
                    () -> client.raw(ResourcePath.of(object), "DELETE", options));
        } catch (KubernetesException e) {
            if (e.status() != NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public StatefulSet scale(StatefulSet read, int replicas) {
        return patch(
                "scaling " + describe(read) + " to " + replicas,
                read,
                PatchType.JSON_MERGE,
                Map.of(
                        "metadata",
                        Map.of("resourceVersion", version(read)),
                        "spec",
                        Map.of("replicas", replicas)));
    }

    @Override
    public boolean evict(Pod pod) {
        DeleteOptions options =
                new DeleteOptionsBuilder().withNewPreconditions(null, uid(pod)).build();
        try {
            calls.<@Nullable String>call(
                    "evicting " + describe(pod),
                    () ->
                            client.raw(
                                    ResourcePath.of(pod) + "/eviction",
                                    "POST",
                                    new EvictionBuilder()
                                            .withNewMetadata()
                                            .withNamespace(pod.getMetadata().getNamespace())
                                            .withName(pod.getMetadata().getName())
                                            .endMetadata()
                                            .withDeleteOptions(options)
                                            .build()));
            return true;
        } catch (KubernetesException e) {
            return switch (e.status()) {
                case NOT_FOUND -> true;
                case TOO_MANY_REQUESTS -> false;
                default ->
                        throw OverlappingBudgetsException.isTold(e)
                                ? new OverlappingBudgetsException(describe(pod), e)
                                : e;
            };
        }
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeStatus(T resource) {
        version(resource);
        return calls.call(
                "writing the status of " + describe(resource),
                () -> client.resource(resource).updateStatus());
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeConditions(T resource, List<?> conditions) {
        String version = version(resource);
        return calls.call(
                "writing the conditions of " + describe(resource),
                () -> putConditions(resource, version, conditions));
    }

    /** Over what is there, as it is there; refused when it is not of that version any more. */
    @SuppressWarnings("unchecked") // a resource's class is that of its kind
    private <T extends CustomResource<?, ?>> T putConditions(
            T resource, String version, List<?> conditions) {
        String path = ResourcePath.of(resource);
        @Nullable String live = client.raw(path);
        if (live == null) {
            throw new KubernetesException(NOT_FOUND, describe(resource) + " is gone");
        }
        KubernetesSerialization json = client.getKubernetesSerialization();
        GenericKubernetesResource changed = json.unmarshal(live, GenericKubernetesResource.class);
        changed.getMetadata().setResourceVersion(version);
        @Nullable Map<String, Object> before = changed.get("status");
        Map<String, Object> status =
                new LinkedHashMap<>(Objects.requireNonNullElse(before, Map.of()));
        status.put("conditions", conditions);
        changed.setAdditionalProperty("status", status);
        String written = client.raw(path + "/status", "PUT", changed);
        return (T) json.unmarshal(written, resource.getClass());
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeMetadata(T resource) {
        // All else is left as it is: a newer API server may hold fields that these classes lack.
        Map<String, String> annotations =
                Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.of());
        List<String> finalizers =
                Objects.requireNonNullElse(resource.getMetadata().getFinalizers(), List.of());
        return patch(
                "writing the metadata of " + describe(resource),
                resource,
                PatchType.JSON,
                List.of(
                        operation("replace", "/metadata/resourceVersion", version(resource)),
                        operation("add", "/metadata/annotations", annotations),
                        operation("add", "/metadata/finalizers", finalizers)));
    }

    private static Map<String, Object> operation(String name, String path, Object value) {
        return Map.of("op", name, "path", path, "value", value);
    }

    private <T extends HasMetadata> T patch(String what, T read, PatchType type, Object patch) {
        PatchContext context =
                new PatchContext.Builder().withPatchType(type).withFieldManager(MANAGER).build();
        String json = client.getKubernetesSerialization().asJson(patch);
        return calls.call(what, () -> resource(read).patch(context, json));
    }

    /** What can be done to an object; for a generic one, without asking what its kind is called. */
    @SuppressWarnings("unchecked") // T is the generic one where it is cast
    private <T extends HasMetadata> Resource<T> resource(T object) {
        if (!(object instanceof GenericKubernetesResource generic)) {
            return client.resource(object);
        }
        ResourceDefinitionContext context =
                new ResourceDefinitionContext.Builder()
                        .withGroup(ApiVersionUtil.trimGroup(generic.getApiVersion()))
                        .withVersion(ApiVersionUtil.trimVersion(generic.getApiVersion()))
                        .withKind(generic.getKind())
                        .withPlural(ResourcePath.plural(generic))
                        .withNamespaced(true)
                        .build();
        return (Resource<T>)
                client.genericKubernetesResources(context)
                        .inNamespace(generic.getMetadata().getNamespace())
                        .resource(generic);
    }

    private static String uid(HasMetadata object) {
        return Objects.requireNonNull(
                object.getMetadata().getUid(), () -> describe(object) + " was never read");
    }

    private static String version(HasMetadata object) {
        return Objects.requireNonNull(
                object.getMetadata().getResourceVersion(),
                () -> describe(object) + " was never read");
    }

    private static String describe(HasMetadata object) {
        String namespace = object.getMetadata().getNamespace();
        return object.getKind()
                + " "
                + (namespace == null ? "" : namespace + "/")
                + object.getMetadata().getName();
    }
}
