package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Events of {@code events.k8s.io/v1}. */
final class FabricEventWriter implements EventWriter {

    private static final int NOT_FOUND = 404;

    private final KubernetesClient client;
    private final BoundedCalls calls = new BoundedCalls(Duration.ofSeconds(10));

    FabricEventWriter(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public void create(Event event) {
        calls.call("telling an Event", () -> client.resource(event).create());
    }

    @Override
    public boolean repeat(Event event, int count, Instant last) {
        Map<String, Object> series =
                Map.of("count", count, "lastObservedTime", EventText.time(last).getTime());
        String patch = client.getKubernetesSerialization().asJson(Map.of("series", series));
        try {
            calls.call(
                    "telling an Event again",
                    () ->
                            client.resource(event)
                                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch));
            return true;
        } catch (KubernetesException e) {
            if (e.status() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
