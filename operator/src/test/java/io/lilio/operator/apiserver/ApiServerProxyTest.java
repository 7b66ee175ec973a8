package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the proxy before the API server lets through, and what it makes of the rest. */
class ApiServerProxyTest {

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private ApiServerProxy proxy;
    private HttpClient http;

    @BeforeEach
    void start() throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        server = HttpServer.create(new InetSocketAddress(loopback, 0), 10);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    arrived.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        proxy = new ApiServerProxy(() -> new Socket(loopback, server.getAddress().getPort()));
        http = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        http.close();
        proxy.close();
        server.stop(0);
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(proxy.url() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void inFairWeatherAllIsPassedOnAndRemembered() throws Exception {
        assertThat(send("PATCH", "/apis/a?force=true", "x".repeat(70_000)).body()).hasSize(70_000);
        assertThat(send("GET", "/apis/a", "").statusCode()).isEqualTo(200);
        assertThat(arrived).containsExactly("PATCH /apis/a?force=true", "GET /apis/a");
        assertThat(proxy.exchanges())
                .extracting(Object::toString)
                .containsExactly("PATCH /apis/a 200", "GET /apis/a 200");
        assertThat(proxy.writes())
                .extracting(Object::toString)
                .containsExactly("PATCH /apis/a 200");
    }

    @Test
    void whoeverIsAnsweredIsToldThatTheConnectionEnds() throws Exception {
        proxy.weather(Weather.failing(500, 1, false));
        for (int status : List.of(500, 200)) {
            HttpResponse<String> answer = send("POST", "/apis/a", "{}");
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.headers().allValues("Connection")).containsExactly("close");
        }
    }

    @Test
    void leasesAreHousekeeping() throws Exception {
        send("PATCH", "/apis/coordination.k8s.io/v1/namespaces/a/leases/b", "");
        assertThat(proxy.writes()).isEmpty();
    }

    @Test
    void whatFailsIsToldAsKubernetesDoesAndHasNotHappened() throws Exception {
        proxy.weather(Weather.failing(429, 1, false));
        HttpResponse<String> failed = send("POST", "/apis/a", "{}");
        assertThat(failed.statusCode()).isEqualTo(429);
        assertThat(failed.body()).contains("\"reason\":\"TooManyRequests\"");
        assertThat(arrived).isEmpty();
        assertThat(send("POST", "/apis/a", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void theAnswerToWhatWasCarriedOutCanBeLost() throws Exception {
        proxy.weather(Weather.failing(500, 1, true));
        assertThat(send("POST", "/apis/a", "{}").statusCode()).isEqualTo(500);
        assertThat(arrived).containsExactly("POST /apis/a");
    }

    @Test
    void everyThirdNewPathFailsUntilItIsEnough() throws Exception {
        proxy.weather(Weather.failing(500, 2, false));
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            seen.append(send("PUT", "/" + i, "").statusCode() == 500 ? 'x' : '.');
        }
        assertThat(seen.toString()).isEqualTo("x..x.....");
    }

    @Test
    void whoIsAwayAnswersNobodyUntilTheReturn() throws Exception {
        proxy.weather(Weather.AWAY);
        assertThatThrownBy(() -> send("GET", "/apis/a", "")).isInstanceOf(IOException.class);
        assertThat(arrived).isEmpty();
        proxy.weather(Weather.FAIR);
        assertThat(send("GET", "/apis/a", "").statusCode()).isEqualTo(200);
    }

    @Test
    void whoIsSlowAnswersLater() throws Exception {
        proxy.weather(Weather.slow(Duration.ofMillis(300)));
        long begun = System.nanoTime();
        send("GET", "/apis/a", "");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }
}
