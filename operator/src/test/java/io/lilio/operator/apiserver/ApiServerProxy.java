package io.lilio.operator.apiserver;

import io.lilio.testing.http.HttpHead;
import io.lilio.testing.http.HttpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy before the API server, in plain HTTP on loopback: it remembers what was asked and
 * answered, and has requests fail. Each request has a connection of its own. Thread-safe.
 */
final class ApiServerProxy implements AutoCloseable {

    /**
     * A request that was answered.
     *
     * @param type of its body; empty when it has none
     * @param status of the answer that its sender got; 0 when it got none
     */
    record Exchange(String method, String path, String type, int status) {

        boolean isWrite() {
            return Weather.isWrite(method);
        }

        /** Whether it is about leading, or about the sender's own rights. */
        boolean isHousekeeping() {
            return path.contains("/leases") || path.contains("authorization.k8s.io");
        }

        @Override
        public String toString() {
            return method + " " + path + " " + status;
        }
    }

    private final HttpProxy proxy;
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private volatile Weather weather = Weather.FAIR;

    ApiServerProxy(HttpProxy.Server server) {
        try {
            this.proxy = HttpProxy.start("127.0.0.1", 0, server, this::serve);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + proxy.port();
    }

    /** From now on; what is under way goes on, unless nobody answers any more. */
    void weather(Weather next) {
        weather = next;
        if (next == Weather.AWAY) {
            proxy.breakConnections();
        }
    }

    /** All that was answered since the beginning, or since {@link #forget}. */
    List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Writes that are about resources and Events. */
    List<Exchange> writes() {
        return exchanges.stream()
                .filter(Exchange::isWrite)
                .filter(each -> !each.isHousekeeping())
                .toList();
    }

    void forget() {
        exchanges.clear();
    }

    private void serve(HttpProxy.Request request) throws IOException {
        HttpHead head = request.head();
        switch (weather.of(head.method(), head.path())) {
            case Weather.Fate.Cut() -> remember(head, 0);
            case Weather.Fate.Failed(int status, boolean carriedOut) -> {
                if (carriedOut) {
                    request.carryOut();
                }
                remember(head, status);
                request.answer(failure(status));
            }
            case Weather.Fate.Passed(var after) -> {
                if (!after.isZero()) {
                    Await.pause(after);
                }
                request.pass(answer -> remember(head, answer.status()));
            }
        }
    }

    private void remember(HttpHead head, int status) {
        exchanges.add(
                new Exchange(
                        head.method(),
                        head.path(),
                        head.header("Content-Type").orElse(""),
                        status));
    }

    /** As the API server says it. */
    private static HttpProxy.Answer failure(int status) {
        byte[] text =
                """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
                "reason":"%s","message":"made to fail","code":%d}\
                """
                        .formatted(reason(status), status)
                        .getBytes(StandardCharsets.US_ASCII);
        HttpHead head =
                new HttpHead(
                        "HTTP/1.1 %d Failed".formatted(status),
                        List.of(
                                "Content-Type: application/json",
                                "Content-Length: " + text.length));
        return new HttpProxy.Answer(head, text);
    }

    private static String reason(int status) {
        return switch (status) {
            case 409 -> "Conflict";
            case 429 -> "TooManyRequests";
            case 503 -> "ServiceUnavailable";
            default -> "InternalError";
        };
    }

    @Override
    public void close() {
        proxy.close();
    }
}
