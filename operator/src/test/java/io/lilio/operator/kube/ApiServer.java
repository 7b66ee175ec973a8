package io.lilio.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.lilio.crd.bucket.LilioBucket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real API server that knows LilioBuckets, and a namespace that is empty in the end. It is the
 * one that {@code KUBECONFIG} names; without it the tests fail. No controller is needed.
 */
final class ApiServer implements AutoCloseable {

    static final String NAMESPACE = "lilio-operator-test";

    private static final Path BUCKETS = Path.of("../crds/liliobuckets.lilio.io.yaml");

    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(
                    ConfigMap.class,
                    StatefulSet.class,
                    Pod.class,
                    PodDisruptionBudget.class,
                    Event.class,
                    LilioBucket.class);

    private final KubernetesClient client;

    ApiServer() {
        String kubeconfig = System.getenv("KUBECONFIG");
        assertThat(kubeconfig)
                .as(
                        "these tests ask a real API server: KUBECONFIG has to name one"
                                + " (CONTRIBUTING.md)")
                .isNotBlank();
        client =
                new KubernetesClientBuilder()
                        .withConfig(
                                FabricKubernetes.settings(
                                        Config.fromKubeconfig(Path.of(kubeconfig).toFile())))
                        .build();
        define();
        client.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(NAMESPACE)
                                .endMetadata()
                                .build())
                .createOr(NonDeletingOperation::update);
        // Pods are not let in without it, and no controller makes it here.
        client.resource(
                        new ServiceAccountBuilder()
                                .withNewMetadata()
                                .withNamespace(NAMESPACE)
                                .withName("default")
                                .endMetadata()
                                .build())
                .createOr(NonDeletingOperation::update);
        removeAll();
    }

    private void define() {
        try {
            client.resource(Files.readString(BUCKETS)).forceConflicts().serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.resources(CustomResourceDefinition.class)
                .withName("liliobuckets.lilio.io")
                .waitUntilCondition(ApiServer::isEstablished, 30, TimeUnit.SECONDS);
    }

    private static boolean isEstablished(CustomResourceDefinition definition) {
        return definition.getStatus() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(
                                each ->
                                        each.getType().equals("Established")
                                                && each.getStatus().equals("True"));
    }

    KubernetesClient client() {
        return client;
    }

    void removeAll() {
        KINDS.forEach(
                kind -> client.resources(kind).inNamespace(NAMESPACE).withGracePeriod(0).delete());
    }

    @Override
    public void close() {
        removeAll();
        client.close();
    }
}
