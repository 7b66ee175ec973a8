package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.operator.kube.Kubernetes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applies objects where something is to be changed, so that an idle cluster causes no writes: one
 * is left alone when it is as it was after it was applied last, and the same is wanted. What others
 * have edited meanwhile is put back, later each time that it recurs. Nothing is known at the start,
 * so each object is applied once. Thread-safe.
 */
final class AppliedObjects {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private final Kubernetes kubernetes;
    private final Map<Key, Known> known = new ConcurrentHashMap<>();

    AppliedObjects(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    private record Key(String cluster, String kind, String name) {}

    /**
     * @param wanted fingerprint of what was applied
     * @param found fingerprint of what came of it
     * @param edits how often it was put back
     * @param applied when it was applied last
     */
    private record Known(String uid, int wanted, int found, int edits, Instant applied) {

        /** When others' edits are put back next; soon, after a time in which there were none. */
        Instant next() {
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(edits, 10));
            return applied.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
        }
    }

    /**
     * Makes an object so.
     *
     * @param cluster uid of the one that it belongs to
     * @return whether it was found edited by somebody else, and was put back
     */
    boolean apply(String cluster, HasMetadata wanted, Instant now) {
        Key key = new Key(cluster, wanted.getKind(), wanted.getMetadata().getName());
        int fingerprint = fingerprint(wanted);
        Known before = known.get(key);
        boolean same = before != null && before.wanted() == fingerprint;
        if (wanted instanceof GenericKubernetesResource) {
            // There is no class by which it could be read: what others do to it is not noticed.
            if (!same) {
                known.put(key, found(kubernetes.apply(wanted), fingerprint, 0, now));
            }
            return false;
        }
        Optional<? extends HasMetadata> there = read(wanted);
        boolean isSame =
                same && there.filter(object -> before.uid().equals(uid(object))).isPresent();
        if (!isSame) {
            known.put(key, found(kubernetes.apply(wanted), fingerprint, 0, now));
            return false;
        }
        int found = fingerprint(there.get());
        if (found == before.found() || (before.edits() > 0 && now.isBefore(before.next()))) {
            return false;
        }
        HasMetadata applied = kubernetes.apply(wanted);
        // Where applying has changed nothing, the edit was of what others may say.
        boolean putBack = fingerprint(applied) != found;
        int edits = putBack ? recurring(before, now) + 1 : 0;
        known.put(key, found(applied, fingerprint, edits, now));
        return putBack;
    }

    private static int recurring(Known before, Instant now) {
        return now.isAfter(before.applied().plus(LONGEST_PAUSE.multipliedBy(2)))
                ? 0
                : before.edits();
    }

    private Known found(HasMetadata object, int wanted, int edits, Instant now) {
        return new Known(uid(object), wanted, fingerprint(object), edits, now);
    }

    /** The cluster is gone. */
    void forget(String cluster) {
        known.keySet().removeIf(key -> key.cluster().equals(cluster));
    }

    private Optional<? extends HasMetadata> read(HasMetadata wanted) {
        ObjectMeta meta = wanted.getMetadata();
        return kubernetes.get(wanted.getClass(), meta.getNamespace(), meta.getName());
    }

    private static String uid(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getUid(), "");
    }

    /** Of all but what Kubernetes keeps for itself, and status. */
    private int fingerprint(HasMetadata object) {
        Map<?, ?> all = JSON.convertValue(object, Map.class);
        Map<Object, Object> kept = new LinkedHashMap<>(all);
        kept.remove("status");
        ObjectMeta meta = object.getMetadata();
        kept.put(
                "metadata",
                Arrays.asList(
                        meta.getLabels(),
                        meta.getAnnotations(),
                        JSON.convertValue(meta.getOwnerReferences(), List.class)));
        return kept.hashCode();
    }
}
