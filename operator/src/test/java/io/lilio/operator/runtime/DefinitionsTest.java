package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lilio.operator.kube.FabricKubernetes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator's first seconds, beside definitions that were made in the same. */
class DefinitionsTest {

    private static final String CLUSTERS = "/apis/lilio.io/v1alpha1/lilioclusters";
    private static final String BUCKETS = "/apis/lilio.io/v1alpha1/liliobuckets";

    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private KubernetesClient client;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        client =
                new KubernetesClientBuilder()
                        .withConfig(
                                FabricKubernetes.settings(
                                        new ConfigBuilder()
                                                .withAutoConfigure(false)
                                                .withMasterUrl(
                                                        "http://127.0.0.1:"
                                                                + server.getAddress().getPort())
                                                .build()))
                        .build();
    }

    @AfterEach
    void close() {
        client.close();
        server.stop(0);
    }

    /** As the answers say, then with an empty list. */
    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getPath());
        boolean mayNot =
                forbidden.stream()
                        .anyMatch(
                                each ->
                                        exchange.getRequestURI()
                                                .getPath()
                                                .contains("/namespaces/" + each + "/"));
        Integer status = mayNot ? Integer.valueOf(403) : answers.poll();
        byte[] body =
                "{\"apiVersion\":\"lilio.io/v1alpha1\",\"kind\":\"List\",\"items\":[]}"
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status == null ? 200 : status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private Definitions definitions(String... namespaces) {
        return new Definitions(client, Set.of(namespaces), Duration.ofMillis(1));
    }

    @Test
    void definitionsThatAreMadeInTheseSecondsAreWaitedFor() {
        answers.addAll(List.of(404, 429, 200, 429));
        definitions().await(3);
        assertThat(asked).containsExactly(CLUSTERS, CLUSTERS, CLUSTERS, BUCKETS, BUCKETS);
    }

    @Test
    void onlyNamespacesThatAreLookedAfterAreAsked() {
        definitions("lab").await(1);
        assertThat(asked)
                .containsExactly(
                        "/apis/lilio.io/v1alpha1/namespaces/lab/lilioclusters",
                        "/apis/lilio.io/v1alpha1/namespaces/lab/liliobuckets");
    }

    @Test
    void aNamespaceThatMayNotBeReadIsLeftOutWhileOthersAreLookedAfter() {
        forbidden.add("gone");
        Definitions definitions = definitions("gone", "lab");
        assertThat(definitions.await(3)).containsExactly("lab");
        assertThat(asked.stream().filter(path -> path.contains("/gone/")))
                .as("its right may be a moment younger")
                .hasSize(3);
        assertThat(definitions.isReadable("gone")).isFalse();
        forbidden.clear();
        assertThat(definitions.isReadable("gone")).isTrue();
    }

    @Test
    void whereNoNamespaceMayBeReadThereIsNothingToLookAfter() {
        forbidden.addAll(List.of("gone", "lab"));
        assertThatThrownBy(() -> definitions("gone", "lab").await(2))
                .isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void aRightThatIsAMomentYoungerIsWaitedFor() {
        answers.addAll(List.of(403, 403));
        assertThat(definitions("lab").await(5)).containsExactly("lab");
    }

    @Test
    void definitionsThatNobodyMakesAreAskedFor() {
        answers.addAll(List.of(404, 404));
        assertThatThrownBy(() -> definitions().await(2))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("knows no LilioClusters")
                .hasMessageContaining("crds.install=true");
    }

    @Test
    void whatIsForbiddenIsNotWaitedFor() {
        answers.add(403);
        assertThatThrownBy(() -> definitions().await(5))
                .isInstanceOf(KubernetesClientException.class);
        assertThat(asked).containsExactly(CLUSTERS);
    }
}
