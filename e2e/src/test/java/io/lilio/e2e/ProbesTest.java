package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProbesTest {

    private static final Duration BOUND = Duration.ofMinutes(1);

    @Test
    void whoeverAnswersIsWellAndWhoDoesNotIsCounted() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(403, -1);
                    exchange.close();
                });
        server.start();
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        long begun = System.nanoTime();
        try (Probes probes = Probes.start(endpoint)) {
            Await.always(
                    "all are answered",
                    Duration.ofSeconds(1),
                    () -> probes.failures() == 0 ? "" : "%d are not".formatted(probes.failures()));
            server.stop(0);
            Await.until(
                    "somebody notices", BOUND, Await.that("nobody", () -> probes.failures() > 0));
            assertThat(probes.lastFailureNanos() - begun).isPositive();
        }
    }
}
