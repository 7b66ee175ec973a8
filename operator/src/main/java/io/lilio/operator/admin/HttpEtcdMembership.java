package io.lilio.operator.admin;

import feign.Contract;
import feign.Feign;
import feign.Request;
import feign.Response;
import feign.Retryer;
import feign.Target;
import feign.codec.DecodeException;
import feign.codec.ErrorDecoder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * The membership of etcds by their JSON gateway, over plain HTTP/1.1 without a login, as managed
 * ones have it. Connecting takes two seconds at most, a call ten, an answer is 1 MiB at most.
 * Redirects are not followed, proxies not used. Thread-safe.
 */
public final class HttpEtcdMembership implements EtcdMembership, AutoCloseable {

    private static final int DECIMAL = 10;
    private static final int HEXADECIMAL = 16;

    private final HttpClient http;
    private final Feign feign;

    public HttpEtcdMembership() {
        this(new CallLimits(CallLimits.USUAL.connect(), CallLimits.USUAL.call(), 1 << 20));
    }

    HttpEtcdMembership(CallLimits limits) {
        Contract contract = new AdminContract();
        http = limits.client();
        feign =
                Feign.builder()
                        .contract(contract)
                        .client(new NodeClient(http, HttpEtcdMembership::unsigned, limits))
                        .encoder(AdminJson.encoder())
                        .decoder(AdminJson.decoder())
                        .errorDecoder(errors())
                        .retryer(Retryer.NEVER_RETRY)
                        .build();
    }

    private static HttpRequest unsigned(Request request) {
        return HttpRequest.newBuilder(URI.create(request.url()))
                .method(
                        request.httpMethod().name(),
                        BodyPublishers.ofByteArray(Objects.requireNonNull(request.body())))
                .header("Content-Type", "application/json")
                .build();
    }

    /** Etcd says in a sentence why not. */
    private static ErrorDecoder errors() {
        return (_, response) ->
                NodeFailedException.asked(
                        "answered %d %s".formatted(response.status(), text(response)), null);
    }

    private static String text(Response response) {
        try {
            return response.body() == null
                    ? ""
                    : new String(
                            response.body().asInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "and " + unreadable.getMessage();
        }
    }

    @Override
    public List<Entry> list(URI member) {
        return call(
                member,
                gateway ->
                        gateway.list(new EtcdGateway.Listing(true)).members().stream()
                                .map(HttpEtcdMembership::entry)
                                .toList());
    }

    private static Entry entry(EtcdGateway.Member member) {
        try {
            return new Entry(
                    Long.toUnsignedString(
                            Long.parseUnsignedLong(member.id(), DECIMAL), HEXADECIMAL),
                    member.hasStarted() ? Objects.requireNonNullElse(member.name(), "") : "",
                    Objects.requireNonNullElse(member.peers(), List.<String>of()).stream()
                            .map(URI::create)
                            .toList());
        } catch (IllegalArgumentException nonsense) {
            throw NodeFailedException.asked("tells of a member that is none", nonsense);
        }
    }

    @Override
    public void add(URI member, URI peer) {
        EtcdGateway.Members _ =
                call(
                        member,
                        gateway -> gateway.add(new EtcdGateway.Addition(List.of(peer.toString()))));
    }

    @Override
    public void remove(URI member, String id) {
        String decimal = Long.toUnsignedString(Long.parseUnsignedLong(id, HEXADECIMAL));
        EtcdGateway.Members _ =
                call(member, gateway -> gateway.remove(new EtcdGateway.Removal(decimal)));
    }

    private <T> T call(URI member, Function<EtcdGateway, T> what) {
        try {
            return what.apply(
                    feign.newInstance(
                            new Target.HardCodedTarget<>(EtcdGateway.class, member.toString())));
        } catch (NodeFailedException failed) {
            throw new EtcdException(member + " " + failed.finding(), failed);
        } catch (AdminApiUnreachableException ending) {
            throw new EtcdException("Interrupted while " + member + " was asked", ending);
        } catch (DecodeException wrapped) {
            throw new EtcdException(member + " " + wrapped.getMessage(), wrapped);
        }
    }

    /** Ends calls under way, which fail. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
