package io.lilio.operator.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The definitions of what the operator looks after. A chart makes them a moment before the
 * operator's first start, and the API server serves them some seconds later: meanwhile it answers
 * 404, then 429.
 */
final class Definitions {

    private static final Logger LOG = LoggerFactory.getLogger("io.lilio.operator");
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY_REQUESTS = 429;

    private final KubernetesClient client;
    private final Set<String> namespaces;
    private final Duration pause;

    /**
     * @param namespaces where resources may be read; none: everywhere
     * @param pause between two questions
     */
    Definitions(KubernetesClient client, Set<String> namespaces, Duration pause) {
        this.client = client;
        this.namespaces = namespaces;
        this.pause = pause;
    }

    /**
     * Returns when both kinds can be listed.
     *
     * @param attempts at most so many questions for each
     * @throws InvalidSettingException when Kubernetes does not know one of them in the end
     * @throws KubernetesClientException what else it answered
     */
    void await(int attempts) {
        for (Class<? extends HasMetadata> kind : List.of(LilioCluster.class, LilioBucket.class)) {
            for (int attempt = 1; !isServed(kind, attempt == attempts); attempt++) {
                LOG.info("waiting for Kubernetes to serve {}s", kind.getSimpleName());
                pause();
            }
        }
    }

    private boolean isServed(Class<? extends HasMetadata> kind, boolean last) {
        try {
            list(kind);
            return true;
        } catch (KubernetesClientException e) {
            boolean unknown = e.getCode() == NOT_FOUND;
            if (last && unknown) {
                throw new InvalidSettingException(
                        ("Kubernetes knows no %ss: install the chart with crds.install=true, or"
                                        + " apply its definitions first.")
                                .formatted(kind.getSimpleName()));
            }
            if (last || !unknown && e.getCode() != TOO_MANY_REQUESTS) {
                throw e;
            }
            return false;
        }
    }

    private void list(Class<? extends HasMetadata> kind) {
        var all = client.resources(kind);
        Stream<Listable<?>> where =
                namespaces.isEmpty()
                        ? Stream.of(all.inAnyNamespace())
                        : namespaces.stream().map(all::inNamespace);
        where.forEach(each -> each.list(new ListOptionsBuilder().withLimit(1L).build()));
    }

    private void pause() {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("ended before Kubernetes served the definitions", e);
        }
    }
}
