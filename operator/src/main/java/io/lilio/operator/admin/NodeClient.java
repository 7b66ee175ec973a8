package io.lilio.operator.admin;

import feign.Client;
import feign.Request;
import feign.Response;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Sends requests, signed where that is asked for, and takes their answers as a whole. It is no
 * client of Feign's since their time-out ends with an answer's head, and nothing bounds its body.
 * Thread-safe.
 */
final class NodeClient implements Client {

    private final HttpClient http;
    private final Function<Request, HttpRequest> outgoing;
    private final CallLimits limits;
    private final BodyHandler<byte[]> body;

    /**
     * @param outgoing makes of a request what is sent
     */
    NodeClient(HttpClient http, Function<Request, HttpRequest> outgoing, CallLimits limits) {
        this.http = http;
        this.outgoing = outgoing;
        this.limits = limits;
        this.body = BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.answerBytes());
    }

    /**
     * @throws NodeFailedException when no answer comes
     * @throws AdminApiUnreachableException when the thread was interrupted, which it is told again
     * @throws IllegalArgumentException when a path parameter would make it another path
     */
    @Override
    public Response execute(Request request, Request.Options options) {
        requireOwnPath(URI.create(request.url()));
        HttpResponse<byte[]> answer = send(outgoing.apply(request));
        return Response.builder()
                .request(request)
                .status(answer.statusCode())
                .headers(new HashMap<>(answer.headers().map()))
                .body(answer.body())
                .build();
    }

    private static void requireOwnPath(URI uri) {
        String path = uri.getRawPath();
        for (String segment : path.substring(1).split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("a name that cannot be in a path: " + path);
            }
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request, body);
        try {
            return exchange.get(limits.call().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            exchange.cancel(true);
            throw NodeFailedException.asked(
                    "did not answer within " + seconds(limits.call()), late);
        } catch (ExecutionException failed) {
            throw failure(Objects.requireNonNullElse(failed.getCause(), failed));
        } catch (InterruptedException ending) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new AdminApiUnreachableException(
                    "Interrupted while "
                            + request.uri().getAuthority()
                            + " was asked for "
                            + request.uri().getRawPath(),
                    ending);
        }
    }

    private NodeFailedException failure(Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException late ->
                    NodeFailedException.unasked(
                            "could not be connected to within " + seconds(limits.connect()), late);
            case ConnectException nameless
                    when nameless.getCause() instanceof UnresolvedAddressException ->
                    NodeFailedException.unasked("has a name without an address", nameless);
            case ConnectException refused ->
                    NodeFailedException.unasked("could not be connected to", refused);
            default ->
                    NodeFailedException.asked("broke off its answer: " + cause.getMessage(), cause);
        };
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}
