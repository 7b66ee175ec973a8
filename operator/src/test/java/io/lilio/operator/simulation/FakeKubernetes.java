package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.operator.kube.ForeignObjectException;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An API server in memory: uids, resourceVersions that change with content alone, conflicts,
 * generations, finalizers, garbage collection by owners, server-side apply of one field manager
 * (lists as wholes), evictions that a hook may refuse. There are no controllers: a test plays them
 * with {@link #put}, {@link #edit} and {@link #remove}. Not thread-safe.
 */
public final class FakeKubernetes implements Kubernetes {

    /** The operator has died: what it had written is written. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String after) {
            super("died after " + after);
        }
    }

    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private final InstantSource clock;
    private final SortedMap<Key, HasMetadata> objects = new TreeMap<>();
    private final Map<Key, Map<String, Object>> known = new HashMap<>();
    private final Map<Key, Map<String, Object>> applied = new HashMap<>();
    private final List<String> writes = new ArrayList<>();
    private final Set<String> forbidden = new HashSet<>();
    private Predicate<Pod> evictable = _ -> true;
    private long revision;
    private int uids;
    private int writesUntilCrash = -1;

    public FakeKubernetes(InstantSource clock) {
        this.clock = clock;
    }

    private record Key(String kind, String namespace, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return (kind + "/" + namespace + "/" + name)
                    .compareTo(other.kind + "/" + other.namespace + "/" + other.name);
        }
    }

    /** What the operator has written so far, such as {@code apply StatefulSet demo}. */
    public List<String> writes() {
        return List.copyOf(writes);
    }

    /** Has the operator die right after its n-th write from now on; 0: never. */
    public void crashAfterWrites(int writes) {
        writesUntilCrash = writes == 0 ? -1 : writes;
    }

    /** Whether a PodDisruptionBudget lets a pod go. */
    public void setEvictable(Predicate<Pod> evictable) {
        this.evictable = evictable;
    }

    /** Takes the right to a kind away. */
    public void forbid(Class<? extends HasMetadata> kind) {
        forbid(HasMetadata.getKind(kind));
    }

    /** The same of a kind that has no class. */
    public void forbid(String kind) {
        forbidden.add(kind);
    }

    /** Somebody else makes an object, or another one of it. */
    public <T extends HasMetadata> T put(T object) {
        return store(object, objects.get(key(object)));
    }

    /** Somebody else edits an object that is there, its status too. */
    public <T extends HasMetadata> T edit(
            Class<T> kind, String namespace, String name, UnaryOperator<T> change) {
        T changed = change.apply(get(kind, namespace, name).orElseThrow());
        return store(changed, objects.get(key(changed)));
    }

    /** Somebody else removes an object, with whatever it owns, whether it has finalizers or not. */
    public void remove(HasMetadata object) {
        @Nullable HasMetadata gone = objects.remove(key(object));
        if (gone != null) {
            applied.remove(key(object));
            known.remove(key(object));
            collect(gone.getMetadata().getUid());
        }
    }

    private void collect(String owner) {
        List<HasMetadata> owned =
                objects.values().stream()
                        .filter(
                                object ->
                                        owners(object).stream()
                                                .anyMatch(each -> owner.equals(each.getUid())))
                        .toList();
        owned.forEach(this::remove);
    }

    /** All objects of a kind. */
    public <T extends HasMetadata> List<T> all(Class<T> kind) {
        String wanted = HasMetadata.getKind(kind);
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().kind().equals(wanted))
                .map(entry -> copy(kind.cast(entry.getValue())))
                .toList();
    }

    @Override
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String namespace, String name) {
        allowed(HasMetadata.getKind(kind));
        @Nullable HasMetadata live =
                objects.get(new Key(HasMetadata.getKind(kind), namespace, name));
        return Optional.ofNullable(live).map(kind::cast).map(this::copy);
    }

    @Override
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String name) {
        return get(kind, "", name);
    }

    @Override
    public Optional<GenericKubernetesResource> find(GenericKubernetesResource like) {
        allowed(like.getKind());
        return Optional.ofNullable(objects.get(key(like)))
                .map(GenericKubernetesResource.class::cast)
                .map(this::copy);
    }

    @Override
    public <T extends HasMetadata> List<T> list(
            Class<T> kind, String namespace, Map<String, String> labels) {
        allowed(HasMetadata.getKind(kind));
        return all(kind).stream()
                .filter(object -> namespace.equals(object.getMetadata().getNamespace()))
                .filter(object -> labels(object).entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    private void allowed(String kind) {
        if (forbidden.contains(kind)) {
            throw new KubernetesException(403, kind + " is forbidden", null);
        }
    }

    @Override
    public <T extends HasMetadata> T apply(T object) {
        allowed(object.getKind());
        Key key = key(object);
        @Nullable HasMetadata live = objects.get(key);
        @Nullable String version = object.getMetadata().getResourceVersion();
        if (version != null
                && (live == null || !version.equals(live.getMetadata().getResourceVersion()))) {
            throw conflict(object, "has changed, or is gone");
        }
        Map<String, Object> wanted = fields(object);
        if (live == null) {
            T made = store(object, null);
            applied.put(key, wanted);
            return written("apply", object, made);
        }
        if (!belongs(live, object)) {
            throw new ForeignObjectException(
                    "%s %s".formatted(object.getKind(), object.getMetadata().getName()));
        }
        Map<String, Object> merged =
                merge(
                        known.getOrDefault(key, Map.of()),
                        applied.getOrDefault(key, Map.of()),
                        wanted);
        T result = store(convert(merged, object), live);
        applied.put(key, wanted);
        return written("apply", object, result);
    }

    /** As the real one has it. */
    private static boolean belongs(HasMetadata live, HasMetadata wanted) {
        boolean managed = "lilio-operator".equals(labels(live).get("app.kubernetes.io/managed-by"));
        if (owners(wanted).isEmpty() || owners(live).isEmpty()) {
            return managed;
        }
        return owners(live).stream()
                .map(OwnerReference::getUid)
                .anyMatch(
                        uid ->
                                owners(wanted).stream()
                                        .anyMatch(owner -> uid.equals(owner.getUid())));
    }

    /** What was applied before and is wanted no more goes; what others said stays. */
    private static Map<String, Object> merge(
            Map<String, Object> live, Map<String, Object> before, Map<String, Object> wanted) {
        Map<String, Object> merged = new LinkedHashMap<>(live);
        before.keySet().stream().filter(name -> !wanted.containsKey(name)).forEach(merged::remove);
        wanted.forEach(
                (name, value) ->
                        merged.put(
                                name,
                                value instanceof Map
                                        ? merge(
                                                map(merged.get(name)),
                                                map(before.get(name)),
                                                map(value))
                                        : value));
        return merged;
    }

    @SuppressWarnings("unchecked") // JSON objects have names as keys
    private static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map ? (Map<String, Object>) value : Map.of();
    }

    @Override
    public <T extends HasMetadata> T create(T object) {
        allowed(object.getKind());
        if (objects.containsKey(key(object))) {
            throw conflict(object, "is there already");
        }
        return written("create", object, store(object, null));
    }

    @Override
    public void delete(HasMetadata object) {
        allowed(object.getKind());
        @Nullable HasMetadata live = objects.get(key(object));
        if (live == null) {
            return;
        }
        requireSame(live, object);
        @Nullable List<String> finalizers = live.getMetadata().getFinalizers();
        if (finalizers == null || finalizers.isEmpty()) {
            remove(live);
        } else if (live.getMetadata().getDeletionTimestamp() == null) {
            HasMetadata marked = copy(live);
            marked.getMetadata().setDeletionTimestamp(clock.instant().toString());
            store(marked, live);
        }
        written("delete", object, object);
    }

    private static void requireSame(HasMetadata live, HasMetadata read) {
        ObjectMeta is = live.getMetadata();
        ObjectMeta was = read.getMetadata();
        if (!is.getUid().equals(was.getUid())
                || !is.getResourceVersion().equals(was.getResourceVersion())) {
            throw conflict(live, "has changed");
        }
    }

    @Override
    public StatefulSet scale(StatefulSet read, int replicas) {
        StatefulSet live = live(read);
        requireSame(live, read);
        StatefulSet changed = copy(live);
        changed.getSpec().setReplicas(replicas);
        StatefulSet stored = store(changed, live);
        return written("scale to " + replicas, read, stored);
    }

    private <T extends HasMetadata> T live(T read) {
        @Nullable HasMetadata live = objects.get(key(read));
        if (live == null) {
            throw new KubernetesException(404, read.getKind() + " is gone", null);
        }
        @SuppressWarnings("unchecked") // of the same kind
        T same = (T) live;
        return same;
    }

    @Override
    public boolean evict(Pod pod) {
        @Nullable HasMetadata live = objects.get(key(pod));
        if (live == null) {
            return true;
        }
        if (!live.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
            throw conflict(live, "is another one");
        }
        if (!evictable.test(pod)) {
            return false;
        }
        remove(live);
        written("evict", pod, pod);
        return true;
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeStatus(T resource) {
        T live = live(resource);
        requireSame(live, resource);
        Map<String, Object> changed = fields(live);
        changed.put("status", fields(resource).get("status"));
        return written("status of", resource, store(convert(changed, resource), live));
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeConditions(T resource, List<?> conditions) {
        T live = live(resource);
        requireSame(live, resource);
        Map<String, Object> changed = fields(live);
        Map<String, Object> status = new LinkedHashMap<>(map(changed.get("status")));
        status.put("conditions", JSON.convertValue(conditions, List.class));
        changed.put("status", status);
        return written("conditions of", resource, store(convert(changed, resource), live));
    }

    @Override
    public <T extends CustomResource<?, ?>> T writeMetadata(T resource) {
        T live = live(resource);
        requireSame(live, resource);
        T changed = copy(live);
        changed.getMetadata().setFinalizers(resource.getMetadata().getFinalizers());
        changed.getMetadata().setAnnotations(resource.getMetadata().getAnnotations());
        T stored = store(changed, live);
        Collection<String> finalizers =
                Objects.requireNonNullElse(stored.getMetadata().getFinalizers(), List.of());
        if (stored.getMetadata().getDeletionTimestamp() != null && finalizers.isEmpty()) {
            remove(stored);
        }
        return written("metadata of", resource, stored);
    }

    private <T extends HasMetadata> T written(String verb, HasMetadata object, T result) {
        String write = "%s %s %s".formatted(verb, object.getKind(), object.getMetadata().getName());
        writes.add(write);
        if (writesUntilCrash > 0 && --writesUntilCrash == 0) {
            writesUntilCrash = -1;
            throw new Crash(write);
        }
        return result;
    }

    /** Keeps a copy; nothing changes where the content is the same. */
    private <T extends HasMetadata> T store(T object, @Nullable HasMetadata live) {
        Map<String, Object> given = fields(object);
        T kept = convert(given, object);
        Key key = key(kept);
        ObjectMeta meta = kept.getMetadata();
        if (live == null) {
            meta.setUid("uid-" + ++uids + "-" + new UUID(0, uids));
            meta.setCreationTimestamp(clock.instant().toString());
            meta.setGeneration(1L);
        } else {
            Map<String, Object> stored = known.getOrDefault(key, Map.of());
            ObjectMeta before = live.getMetadata();
            meta.setUid(before.getUid());
            meta.setCreationTimestamp(before.getCreationTimestamp());
            meta.setResourceVersion(before.getResourceVersion());
            boolean sameSpec = Objects.equals(given.get("spec"), stored.get("spec"));
            long generation = Objects.requireNonNullElse(before.getGeneration(), 1L);
            meta.setGeneration(sameSpec ? generation : generation + 1);
            if (with(given, meta).equals(stored)) {
                return kept;
            }
        }
        meta.setResourceVersion(Long.toString(++revision));
        objects.put(key, kept);
        known.put(key, with(given, meta));
        return copy(kept);
    }

    private static Map<String, Object> with(Map<String, Object> fields, ObjectMeta meta) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("metadata", JSON.convertValue(meta, Map.class));
        return all;
    }

    /** An object as it is kept, which must not be changed. */
    <T extends HasMetadata> Optional<T> peek(Class<T> kind, String namespace, String name) {
        @Nullable HasMetadata live =
                objects.get(new Key(HasMetadata.getKind(kind), namespace, name));
        return Optional.ofNullable(live).map(kind::cast);
    }

    /** The same of all objects of a kind. */
    <T extends HasMetadata> List<T> peek(Class<T> kind) {
        String wanted = HasMetadata.getKind(kind);
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().kind().equals(wanted))
                .map(entry -> kind.cast(entry.getValue()))
                .toList();
    }

    private static KubernetesException conflict(HasMetadata object, String why) {
        return new KubernetesException(
                409,
                "%s %s %s".formatted(object.getKind(), object.getMetadata().getName(), why),
                null);
    }

    private static Key key(HasMetadata object) {
        @Nullable String namespace = object.getMetadata().getNamespace();
        return new Key(
                object.getKind(),
                namespace == null ? "" : namespace,
                object.getMetadata().getName());
    }

    private static Map<String, String> labels(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    }

    private static List<OwnerReference> owners(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.of());
    }

    private Map<String, Object> fields(HasMetadata object) {
        return new LinkedHashMap<>(map(JSON.convertValue(object, Map.class)));
    }

    private <T extends HasMetadata> T copy(T object) {
        return convert(fields(object), object);
    }

    @SuppressWarnings("unchecked") // an object's class is that of its kind
    private <T extends HasMetadata> T convert(Map<String, Object> fields, T like) {
        return (T) JSON.convertValue(fields, like.getClass());
    }
}
