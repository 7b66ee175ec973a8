package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who we are to etcd: a token that is good for some minutes, and a new one when it is not any more.
 * However many calls meet an old one, one of them logs in, since etcd takes a while to check a
 * password. Thread-safe.
 */
final class EtcdLogin {

    private static final Logger log = LoggerFactory.getLogger(EtcdLogin.class);

    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Optional<EtcdSettings.Login> login;
    private final Duration timeout;
    private final Time time;
    private volatile Optional<String> token = Optional.empty();
    private long refusedNanos;
    private volatile Optional<EtcdException> refusal = Optional.empty();

    EtcdLogin(Optional<EtcdSettings.Login> login, Duration timeout, Time time) {
        this.login = login;
        this.timeout = timeout;
        this.time = time;
    }

    /** Empty where there is none yet, or none is needed. */
    Optional<String> token() {
        return token;
    }

    /** Why etcd did not let us in the last time; empty when it did. */
    Optional<EtcdException> refusal() {
        return refusal;
    }

    /** A call's headers. */
    static Metadata headers(Optional<String> token) {
        Metadata headers = new Metadata();
        token.ifPresent(value -> headers.put(HEADER, value));
        return headers;
    }

    /** Headers of a stream, which a member ends that has lost its leader. */
    static Metadata streamHeaders(Optional<String> token) {
        Metadata headers = headers(token);
        headers.put(HAS_LEADER, "true");
        return headers;
    }

    /**
     * Logs in, unless somebody has meanwhile. Blocks. After a refusal it says no for a second.
     *
     * @param old the token that was refused
     * @return whether there is another one
     */
    synchronized boolean renew(Channel channel, Optional<String> old) {
        if (login.isEmpty()) {
            return false;
        }
        if (!token.equals(old)) {
            return true;
        }
        if (refusal.isPresent() && time.nanos() - refusedNanos < PAUSE.toNanos()) {
            return false;
        }
        EtcdSettings.Login who = login.get();
        try {
            token =
                    Optional.of(
                            AuthGrpc.newBlockingStub(channel)
                                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                                    .authenticate(
                                            AuthenticateRequest.newBuilder()
                                                    .setName(who.user())
                                                    .setPassword(who.password())
                                                    .build())
                                    .getToken());
            refusal = Optional.empty();
            return true;
        } catch (StatusRuntimeException e) {
            if (refusal.isEmpty()) {
                log.error("etcd does not let user {} in: {}", who.user(), e.getMessage());
            }
            refusal = Optional.of(new EtcdException(e.getStatus(), false));
            refusedNanos = time.nanos();
            return false;
        }
    }
}
