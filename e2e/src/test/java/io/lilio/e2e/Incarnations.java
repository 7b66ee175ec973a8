package io.lilio.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** All storage pods that there were since the beginning, by name: the uids of each. */
final class Incarnations implements AutoCloseable {

    private final Map<String, Set<String>> seen = new ConcurrentSkipListMap<>();
    private final SharedIndexInformer<Pod> informer;

    private Incarnations(StoreCluster cluster) {
        informer = cluster.watchPods(new Seen());
    }

    /** Begins with those that there are now. */
    static Incarnations watch(StoreCluster cluster) {
        return new Incarnations(cluster);
    }

    private final class Seen implements ResourceEventHandler<Pod> {

        @Override
        public void onAdd(Pod pod) {
            add(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            add(pod);
        }

        @Override
        public void onDelete(Pod pod, boolean stateUnknown) {
            add(pod);
        }

        private void add(Pod pod) {
            seen.computeIfAbsent(Pods.name(pod), name -> ConcurrentHashMap.newKeySet())
                    .add(pod.getMetadata().getUid());
        }
    }

    Map<String, Set<String>> seen() {
        return new TreeMap<>(seen);
    }

    @Override
    public void close() {
        informer.close();
    }
}
