package io.lilio.operator.apiserver;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sees what becomes of a namespace: whether something was made twice, and how many pods there were
 * to be. Thread-safe.
 */
final class Witness implements AutoCloseable {

    private final List<Watch> watches = new ArrayList<>();
    private final Map<String, Set<String>> uids = new ConcurrentHashMap<>();
    private final Map<String, List<Integer>> replicas = new ConcurrentHashMap<>();
    private volatile boolean closed;
    private volatile String blind = "";

    Witness(Site site) {
        for (Class<? extends HasMetadata> kind :
                List.of(Secret.class, StatefulSet.class, PersistentVolumeClaim.class, Pod.class)) {
            watches.add(watch(site, kind));
        }
    }

    private <T extends HasMetadata> Watch watch(Site site, Class<T> kind) {
        return site.client()
                .resources(kind)
                .inNamespace(site.namespace())
                .watch(
                        new Watcher<T>() {
                            @Override
                            public void eventReceived(Action action, T object) {
                                see(object);
                            }

                            @Override
                            public void onClose(WatcherException cause) {
                                if (!closed) {
                                    blind = cause.toString();
                                }
                            }
                        });
    }

    private void see(HasMetadata object) {
        if (object.getMetadata() == null || object.getMetadata().getName() == null) {
            return; // a bookmark
        }
        String name = object.getKind() + " " + object.getMetadata().getName();
        uids.computeIfAbsent(name, _ -> ConcurrentHashMap.newKeySet())
                .add(object.getMetadata().getUid());
        if (object instanceof StatefulSet set) {
            List<Integer> seen = replicas.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>());
            int now = set.getSpec().getReplicas();
            if (seen.isEmpty() || seen.getLast() != now) {
                seen.add(now);
            }
        }
    }

    /** How many pods a cluster was to have, one number after the other. */
    List<Integer> replicas(String cluster) {
        requireSight();
        return List.copyOf(replicas.getOrDefault("StatefulSet " + cluster, List.of()));
    }

    /** What there was more than one of under one name, with how many; but for runs of Jobs. */
    Map<String, Integer> madeAgain() {
        requireSight();
        Map<String, Integer> again = new TreeMap<>();
        uids.forEach(
                (name, known) -> {
                    if (known.size() > 1) {
                        again.put(name, known.size());
                    }
                });
        return again;
    }

    private void requireSight() {
        if (!blind.isEmpty()) {
            throw new AssertionError("a watch has ended: " + blind);
        }
    }

    @Override
    public void close() {
        closed = true;
        watches.forEach(Watch::close);
    }
}
