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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The definitions of what the operator looks after. A chart makes them a moment before the
 * operator's first start, and the API server serves them some seconds later: meanwhile it answers
 * 404, then 429.
 *
 * <p>The right to read a namespace goes with it. One of several that may not be read is left out,
 * so that the others are looked after.
 */
final class Definitions {

    private static final Logger LOG = LoggerFactory.getLogger("io.lilio.operator");
    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(LilioCluster.class, LilioBucket.class);
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY_REQUESTS = 429;

    /** A right may be a moment younger than the process that has it. */
    private static final int ATTEMPTS_AT_RIGHTS = 5;

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
     * @return those of the namespaces where they can be; none where none was named
     * @throws InvalidSettingException when Kubernetes does not know one of them in the end
     * @throws KubernetesClientException what else it answered, or that no namespace may be read
     */
    Set<String> await(int attempts) {
        if (namespaces.isEmpty()) {
            await(null, attempts);
            return Set.of();
        }
        Set<String> readable = new TreeSet<>();
        @Nullable KubernetesClientException refusal = null;
        for (String namespace : new TreeSet<>(namespaces)) {
            try {
                awaitRights(namespace, attempts);
                readable.add(namespace);
            } catch (KubernetesClientException e) {
                if (e.getCode() != FORBIDDEN) {
                    throw e;
                }
                refusal = e;
                LOG.warn(
                        "Namespace {} may not be read, and is left out: it was deleted, or the"
                                + " release has no RoleBinding there (helm upgrade makes it)",
                        namespace);
            }
        }
        if (readable.isEmpty() && refusal != null) {
            throw refusal;
        }
        return readable;
    }

    /** Whether both kinds can be listed in a namespace now. */
    boolean isReadable(String namespace) {
        try {
            KINDS.forEach(kind -> list(kind, namespace));
            return true;
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private void awaitRights(String namespace, int attempts) {
        for (int attempt = 1; ; attempt++) {
            try {
                await(namespace, attempts);
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != FORBIDDEN || attempt >= Math.min(attempts, ATTEMPTS_AT_RIGHTS)) {
                    throw e;
                }
                pause();
            }
        }
    }

    private void await(@Nullable String namespace, int attempts) {
        for (Class<? extends HasMetadata> kind : KINDS) {
            for (int attempt = 1; !isServed(kind, namespace, attempt == attempts); attempt++) {
                LOG.info("waiting for Kubernetes to serve {}s", kind.getSimpleName());
                pause();
            }
        }
    }

    private boolean isServed(
            Class<? extends HasMetadata> kind, @Nullable String namespace, boolean last) {
        try {
            list(kind, namespace);
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

    private void list(Class<? extends HasMetadata> kind, @Nullable String namespace) {
        var all = client.resources(kind);
        Listable<?> where = namespace == null ? all.inAnyNamespace() : all.inNamespace(namespace);
        where.list(new ListOptionsBuilder().withLimit(1L).build());
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
