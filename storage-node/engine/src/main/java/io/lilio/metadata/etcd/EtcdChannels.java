package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections to etcd's members, one of which is used at a time: with several a call would be
 * answered later or sooner as it happens to meet one that is cut off. Thread-safe.
 */
final class EtcdChannels implements AutoCloseable {

    static final int MAX_ANSWER_BYTES = 16 << 20;

    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final EtcdSettings settings;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicInteger active = new AtomicInteger();
    private volatile Optional<String> token = Optional.empty();

    /**
     * @param executor runs callbacks
     * @throws IllegalArgumentException with a sentence, when a certificate cannot be read
     */
    EtcdChannels(EtcdSettings settings, Executor executor) {
        this.settings = settings;
        ChannelCredentials credentials =
                settings.tls()
                        .map(EtcdChannels::credentials)
                        .orElseGet(InsecureChannelCredentials::create);
        for (String endpoint : settings.endpoints()) {
            channels.add(
                    Grpc.newChannelBuilder("dns:///" + endpoint, credentials)
                            .executor(executor)
                            .disableRetry()
                            .disableServiceConfigLookUp()
                            .maxInboundMessageSize(MAX_ANSWER_BYTES)
                            // etcd allows a sign of life every five seconds, while calls go on.
                            .keepAliveTime(6, TimeUnit.SECONDS)
                            .keepAliveTimeout(4, TimeUnit.SECONDS)
                            .build());
        }
    }

    private static ChannelCredentials credentials(EtcdSettings.Tls tls) {
        TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
        try {
            if (tls.authority().isPresent()) {
                builder.trustManager(tls.authority().get().toFile());
            }
            if (tls.client().isPresent()) {
                EtcdSettings.Tls.Pair client = tls.client().get();
                builder.keyManager(client.certificate().toFile(), client.key().toFile());
            }
            return builder.build();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The certificates for etcd cannot be read: " + e.getMessage(), e);
        }
    }

    int count() {
        return channels.size();
    }

    /** Which one is used. */
    int active() {
        return active.get();
    }

    /** Uses another one from now on, unless somebody has chosen already. */
    void leave(int tried) {
        active.compareAndSet(tried, (tried + 1) % channels.size());
    }

    void use(int endpoint) {
        active.set(endpoint);
    }

    ManagedChannel channel(int endpoint) {
        return channels.get(endpoint);
    }

    String endpoint(int number) {
        return settings.endpoints().get(number);
    }

    Optional<EtcdSettings.Login> login() {
        return settings.login();
    }

    /** The token of a call's headers, once there is one. */
    Metadata headers() {
        Metadata headers = new Metadata();
        token.ifPresent(value -> headers.put(TOKEN, value));
        return headers;
    }

    /** Logs in anew. Blocks. */
    void authenticate(int endpoint, EtcdSettings.Login login) {
        AuthenticateResponse answer =
                AuthGrpc.newBlockingStub(channel(endpoint))
                        .withDeadlineAfter(
                                settings.limits().timeout().toMillis(), TimeUnit.MILLISECONDS)
                        .authenticate(
                                AuthenticateRequest.newBuilder()
                                        .setName(login.user())
                                        .setPassword(login.password())
                                        .build());
        token = Optional.of(answer.getToken());
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
