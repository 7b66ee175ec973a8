package io.lilio.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real API server that knows both definitions as they are committed, and a namespace that is
 * empty in the end; without Kubernetes' controllers none is ever gone. It is the one that {@code
 * KUBECONFIG} names; without it the tests fail.
 */
final class ApiServer implements AutoCloseable {

    static final String NAMESPACE = "lilio-crds-test";

    private final KubernetesClient client;

    ApiServer() {
        String kubeconfig = System.getenv("KUBECONFIG");
        assertThat(kubeconfig)
                .as(
                        "these tests ask a real API server: KUBECONFIG has to name one (CONTRIBUTING.md)")
                .isNotBlank();
        client =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(Path.of(kubeconfig).toFile()))
                        .build();
        define(Definitions.CLUSTERS);
        define(Definitions.BUCKETS);
        client.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(NAMESPACE)
                                .endMetadata()
                                .build())
                .createOr(NonDeletingOperation::update);
    }

    KubernetesClient client() {
        return client;
    }

    private void define(Path file) {
        try {
            client.resource(Files.readString(file)).forceConflicts().serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = Definitions.read(file).at("/metadata/name").asText();
        client.resources(CustomResourceDefinition.class)
                .withName(name)
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

    /** What the server says against making this; empty if it would. */
    Optional<String> refusalToMake(JsonNode resource) {
        return refusal(() -> client.resource(generic(resource)).dryRun(true).create());
    }

    /** Makes it, and tells it as the server has it. */
    JsonNode make(JsonNode resource) {
        return node(client.resource(generic(resource)).create());
    }

    void removeResources() {
        client.resources(LilioCluster.class).inNamespace(NAMESPACE).delete();
        client.resources(LilioBucket.class).inNamespace(NAMESPACE).delete();
    }

    /** What the server says against this in place of what is there; empty if it would take it. */
    Optional<String> refusalToChange(JsonNode resource) {
        return refusal(() -> client.resource(generic(resource)).dryRun(true).update());
    }

    private static Optional<String> refusal(Runnable request) {
        try {
            request.run();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).as(e.getMessage()).isEqualTo(422);
            return Optional.of(e.getStatus().getMessage());
        }
    }

    private GenericKubernetesResource generic(JsonNode resource) {
        ObjectNode placed = resource.deepCopy();
        placed.withObject("/metadata").put("namespace", NAMESPACE);
        return client.getKubernetesSerialization()
                .unmarshal(placed.toString(), GenericKubernetesResource.class);
    }

    private JsonNode node(GenericKubernetesResource resource) {
        try {
            return Definitions.YAML.readTree(client.getKubernetesSerialization().asYaml(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        removeResources();
        client.close();
    }
}
