package io.lilio.operator.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import io.lilio.operator.kube.Ownership;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Applies objects where something is to be changed, so that an idle cluster causes no writes: one
 * is left alone when it is as it was after it was applied last, and the same is wanted. What others
 * have edited meanwhile is put back, later each time that it recurs. Nothing is known at the start,
 * so each object is applied once. Thread-safe.
 */
final class AppliedObjects {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final int CONFLICT = 409;

    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private final Kubernetes kubernetes;
    private final Map<Key, Known> known = new ConcurrentHashMap<>();

    AppliedObjects(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    private record Key(String cluster, String kind, String name) {}

    /**
     * @param wanted what was applied
     * @param version of what came of it, or of what was found to be the same later
     * @param found fingerprint of that
     * @param edits how often it was put back
     * @param applied when it was applied last
     */
    private record Known(
            String uid, HasMetadata wanted, String version, int found, int edits, Instant applied) {

        Known at(String laterVersion) {
            return new Known(uid, wanted, laterVersion, found, edits, applied);
        }

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
        return apply(cluster, wanted, kubernetes::apply, now);
    }

    /**
     * The same for what depends on how it was when the pass began: written only if it is still so,
     * which is a conflict otherwise. A pass that was held up for long cannot take pods away that
     * another operator has made meanwhile.
     *
     * @param read as it was then; empty when it was not there
     */
    boolean applyTo(Optional<StatefulSet> read, String cluster, StatefulSet wanted, Instant now) {
        return apply(cluster, wanted, set -> write(read, set), now);
    }

    private HasMetadata write(Optional<StatefulSet> read, HasMetadata wanted) {
        if (read.isEmpty()
                && read(wanted).filter(set -> Ownership.isOwn(set, wanted)).isPresent()) {
            throw new KubernetesException(CONFLICT, "StatefulSet was made by somebody meanwhile");
        }
        HasMetadata same = JSON.clone(wanted);
        same.getMetadata()
                .setResourceVersion(
                        read.map(set -> set.getMetadata().getResourceVersion()).orElse(null));
        return kubernetes.apply(same);
    }

    private boolean apply(
            String cluster, HasMetadata wanted, UnaryOperator<HasMetadata> write, Instant now) {
        Key key = new Key(cluster, wanted.getKind(), wanted.getMetadata().getName());
        Known before = known.get(key);
        boolean same = before != null && before.wanted().equals(wanted);
        Optional<? extends HasMetadata> there = read(wanted);
        if (before == null
                || !same
                || !there.map(AppliedObjects::uid).filter(before.uid()::equals).isPresent()) {
            known.put(key, found(write.apply(wanted), wanted, 0, now));
            return false;
        }
        String version = version(there.get());
        if (version.equals(before.version())) {
            return false;
        }
        int found = fingerprint(there.get());
        if (found == before.found()) {
            known.put(key, before.at(version));
            return false;
        }
        if (before.edits() > 0 && now.isBefore(before.next())) {
            return false;
        }
        HasMetadata applied = write.apply(wanted);
        // Where applying has changed nothing, the edit was of what others may say.
        boolean putBack = fingerprint(applied) != found;
        int edits = putBack ? recurring(before, now) + 1 : 0;
        known.put(key, found(applied, wanted, edits, now));
        return putBack;
    }

    private static int recurring(Known before, Instant now) {
        return now.isAfter(before.applied().plus(LONGEST_PAUSE.multipliedBy(2)))
                ? 0
                : before.edits();
    }

    private static Known found(HasMetadata object, HasMetadata wanted, int edits, Instant now) {
        return new Known(uid(object), wanted, version(object), fingerprint(object), edits, now);
    }

    /** The cluster is gone. */
    void forget(String cluster) {
        known.keySet().removeIf(key -> key.cluster().equals(cluster));
    }

    private Optional<? extends HasMetadata> read(HasMetadata wanted) {
        if (wanted instanceof GenericKubernetesResource generic) {
            return kubernetes.find(generic);
        }
        ObjectMeta meta = wanted.getMetadata();
        return kubernetes.get(wanted.getClass(), meta.getNamespace(), meta.getName());
    }

    private static String uid(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getUid(), "");
    }

    private static String version(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getResourceVersion(), "");
    }

    /** Of all but what Kubernetes keeps for itself, and status. */
    private static int fingerprint(HasMetadata object) {
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
