package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.kube.FabricKubernetes;
import io.lilio.testing.http.HttpProxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The API server that {@code KUBECONFIG} names, as its administrator; without it the tests fail. It
 * is one with Kubernetes' controllers and without nodes. It is made to know Lilio's resources, and
 * ServiceMonitors. Thread-safe.
 */
final class BareApiServer implements AutoCloseable {

    /** So that the right to make them can be seen. */
    private static final String SERVICE_MONITORS =
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: servicemonitors.monitoring.coreos.com
            spec:
              group: monitoring.coreos.com
              scope: Namespaced
              names:
                kind: ServiceMonitor
                plural: servicemonitors
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema:
                    openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """;

    private static final String NO_FINALIZERS =
            """
            {"metadata":{"finalizers":null}}\
            """;

    private final Config config;
    private final KubernetesClient client;

    BareApiServer() {
        String kubeconfig = System.getenv("KUBECONFIG");
        assertThat(kubeconfig)
                .as(
                        "these tests need a bare API server with Kubernetes' controllers:"
                                + " KUBECONFIG has to name one (docs/operator-figures.md)")
                .isNotBlank();
        config = FabricKubernetes.settings(Config.fromKubeconfig(Path.of(kubeconfig).toFile()));
        client = new KubernetesClientBuilder().withConfig(config).build();
        Chart.definitions().forEach(this::define);
        define(SERVICE_MONITORS);
    }

    private void define(String yaml) {
        HasMetadata definition =
                client.resource(yaml).fieldManager("test").forceConflicts().serverSideApply();
        String name = definition.getMetadata().getName();
        Await.until(
                name + " is known",
                Duration.ofSeconds(30),
                () ->
                        isEstablished(
                                        client.resources(CustomResourceDefinition.class)
                                                .withName(name)
                                                .get())
                                ? ""
                                : "it is not established");
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

    /** Connects to it with its own certificate, and without the administrator's. */
    HttpProxy.Server sockets() {
        URI server = URI.create(config.getMasterUrl());
        SocketFactory factory = trusting();
        return () -> {
            Socket socket = factory.createSocket(server.getHost(), server.getPort());
            socket.setTcpNoDelay(true);
            return socket;
        };
    }

    private SocketFactory trusting() {
        try {
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            byte[] certificate = Base64.getDecoder().decode(config.getCaCertData());
            authorities.setCertificateEntry(
                    "kubernetes",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(certificate)));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return tls.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * A kubeconfig of a ServiceAccount.
     *
     * @param proxy where it is reached; empty: directly
     */
    String kubeconfig(String namespace, String account, Optional<String> proxy) {
        String token =
                client.serviceAccounts()
                        .inNamespace(namespace)
                        .withName(account)
                        .tokenRequest()
                        .getStatus()
                        .getToken();
        String cluster =
                proxy.map("{server: \"%s\"}"::formatted)
                        .orElseGet(
                                () ->
                                        "{server: \"%s\", certificate-authority-data: \"%s\"}"
                                                .formatted(
                                                        config.getMasterUrl(),
                                                        config.getCaCertData()));
        return """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters: [{name: test, cluster: %s}]
        contexts: [{name: test, context: {cluster: test, user: operator}}]
        users: [{name: operator, user: {token: "%s"}}]
        """
                .formatted(cluster, token);
    }

    /** A namespace with nothing in it. */
    void makeNamespace(String name) {
        removeNamespace(name);
        client.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .build())
                .create();
    }

    /** Waits until it is gone, with all that is in it, whoever should have seen to that. */
    void removeNamespace(String name) {
        client.namespaces().withName(name).delete();
        Await.until(
                "namespace " + name + " is gone",
                Duration.ofMinutes(5),
                () -> {
                    release(LilioBucket.class, name);
                    release(LilioCluster.class, name);
                    Namespace there = client.namespaces().withName(name).get();
                    return there == null ? "" : "it is there: " + there.getStatus();
                });
    }

    private <T extends CustomResource<?, ?>> void release(Class<T> kind, String namespace) {
        for (T each : client.resources(kind).inNamespace(namespace).list().getItems()) {
            if (!each.getMetadata().getFinalizers().isEmpty()) {
                client.resource(each).patch(PatchContext.of(PatchType.JSON_MERGE), NO_FINALIZERS);
            }
        }
    }

    /** Makes objects what they are here. */
    void apply(List<HasMetadata> objects) {
        objects.forEach(
                each ->
                        client.resource(each)
                                .fieldManager("test")
                                .forceConflicts()
                                .serverSideApply());
    }

    @Override
    public void close() {
        client.close();
    }
}
