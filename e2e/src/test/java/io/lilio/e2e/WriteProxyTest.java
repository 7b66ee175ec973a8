package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WriteProxyTest {

    /** As fabric8 has it: tries to speak HTTP/2. */
    private final HttpClient http = HttpClient.newHttpClient();

    private final Queue<String> carriedOut = new ConcurrentLinkedQueue<>();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private volatile boolean answering = true;
    private HttpServer server;
    private WriteProxy proxy;

    @BeforeEach
    void start() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        server.createContext("/", this::serve);
        server.start();
        int port = server.getAddress().getPort();
        proxy =
                WriteProxy.start(
                        "127.0.0.1",
                        0,
                        () -> new Socket(loopback, port),
                        new Told(),
                        new ReentrantLock());
    }

    private final class Told implements WriteProxy.Listener {

        @Override
        public String before(String method, String path) {
            return "%d carried out".formatted(carriedOut.size());
        }

        @Override
        public boolean after(String method, String path, String before, int status) {
            told.add("%s %s: %s, %d".formatted(method, path, before, status));
            return answering;
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        carriedOut.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        byte[] answer = ("answer to " + body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(
                exchange.getRequestURI().getPath().equals("/no") ? 409 : 200, 0);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.stop(0);
    }

    @Test
    void readsPassAndNobodyIsTold() throws Exception {
        assertThat(send("GET", "/a?b=c", BodyPublishers.noBody()).body()).isEqualTo("answer to ");
        assertThat(carriedOut).containsExactly("GET /a?b=c ");
        assertThat(told).isEmpty();
    }

    @Test
    void writesPassAndAreTold() throws Exception {
        assertThat(send("PATCH", "/a?b=c", BodyPublishers.ofString("one")).body())
                .isEqualTo("answer to one");
        assertThat(send("POST", "/no", chunked("two")).statusCode()).isEqualTo(409);
        assertThat(carriedOut).containsExactly("PATCH /a?b=c one", "POST /no two");
        assertThat(told)
                .containsExactly(
                        "PATCH /a?b=c: 0 carried out, 200", "POST /no: 1 carried out, 409");
    }

    @Test
    void whoeverIsAnsweredIsToldThatTheConnectionEnds() throws Exception {
        for (String method : List.of("GET", "POST")) {
            assertThat(send(method, "/a", BodyPublishers.noBody()).headers())
                    .extracting(headers -> headers.allValues("Connection"))
                    .isEqualTo(List.of("close"));
        }
    }

    @Test
    void anAnswerThatIsKeptBackBreaksTheConnectionOfAWriteThatWasCarriedOut() {
        answering = false;
        assertThatThrownBy(() -> send("DELETE", "/a", BodyPublishers.noBody()))
                .isInstanceOf(IOException.class);
        assertThat(carriedOut).contains("DELETE /a ");
        assertThat(told).isNotEmpty();
    }

    @Test
    void webSocketsPassInBothDirections() throws Exception {
        try (EchoServer echo = EchoServer.start();
                WriteProxy before =
                        WriteProxy.start(
                                "127.0.0.1",
                                0,
                                () -> new Socket(InetAddress.getLoopbackAddress(), echo.port()),
                                new Told(),
                                new ReentrantLock());
                Socket client = new Socket("127.0.0.1", before.port())) {
            client.setSoTimeout(10_000);
            String head = "GET /watch HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n";
            client.getOutputStream().write((head + "frames").getBytes(StandardCharsets.US_ASCII));
            InputStream in = client.getInputStream();
            assertThat(new String(in.readNBytes(head.length() + 6), StandardCharsets.US_ASCII))
                    .isEqualTo(head + "frames");
        }
    }

    private static HttpRequest.BodyPublisher chunked(String body) {
        return BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + proxy.port() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(30))
                        .method(method, body)
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
