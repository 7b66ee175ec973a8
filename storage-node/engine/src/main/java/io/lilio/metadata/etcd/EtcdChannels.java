package io.lilio.metadata.etcd;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.lilio.time.Time;
import io.lilio.tls.PemFiles;
import io.lilio.tls.RenewedKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connections to etcd's members, one of which is used at a time: with several a call would be
 * answered later or sooner as it happens to meet one that is cut off. Thread-safe.
 */
final class EtcdChannels implements AutoCloseable {

    static final int MAX_ANSWER_BYTES = 16 << 20;

    private final EtcdSettings settings;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicInteger active = new AtomicInteger();

    /**
     * @param executor runs callbacks
     * @throws IllegalArgumentException with a sentence, when a certificate cannot be read
     */
    EtcdChannels(EtcdSettings settings, Time time, Executor executor) {
        this.settings = settings;
        ChannelCredentials credentials =
                settings.tls()
                        .map(tls -> credentials(tls, time))
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

    /** Connections begin with what is in the files by then. */
    private static ChannelCredentials credentials(PemFiles tls, Time time) {
        try {
            RenewedKeys renewed = RenewedKeys.open(tls, "etcd", time);
            TlsChannelCredentials.Builder builder =
                    TlsChannelCredentials.newBuilder().trustManager(renewed.trustManager());
            if (tls.own().isPresent()) {
                builder.keyManager(renewed.keyManager());
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

    /**
     * Has a connection that could not be opened tried again at once. By itself gRPC waits longer
     * and longer between attempts, up to two minutes, and refuses all calls meanwhile.
     */
    void retry(int endpoint) {
        channels.get(endpoint).resetConnectBackoff();
    }

    String endpoint(int number) {
        return settings.endpoints().get(number);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
