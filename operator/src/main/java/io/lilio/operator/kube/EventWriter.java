package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Instant;

/** Writes Events to Kubernetes. Thread-safe. */
interface EventWriter {

    /**
     * Writes a new one.
     *
     * @throws KubernetesException when it was not, or may not have been, written
     */
    void create(Event event);

    /**
     * Has one that was written say that the same was seen again.
     *
     * @param count how often it was seen, at least 2
     * @param last when it was seen last
     * @return false when it is not there any more
     * @throws KubernetesException as {@link #create}
     */
    boolean repeat(Event event, int count, Instant last);
}
