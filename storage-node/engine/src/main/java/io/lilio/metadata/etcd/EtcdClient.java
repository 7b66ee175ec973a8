package io.lilio.metadata.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls to etcd, with deadlines, by whichever endpoint answers. What only reads is asked again of
 * another endpoint; what writes is sent again only when it certainly did not reach etcd or was
 * refused there. Thread-safe.
 */
final class EtcdClient implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EtcdClient.class);

    /** Between two attempts, so that an election is not filled with them. */
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final RangeRequest nothing;
    private final EtcdChannels channels;
    private final EtcdLogin login;
    private final Time time;
    private final Duration timeout;
    private final Availability availability;
    private final EtcdIdentity identity = new EtcdIdentity();
    private volatile boolean closed;

    EtcdClient(EtcdSettings settings, Time time, Executor executor) {
        this.nothing =
                RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(settings.prefix()))
                        .setCountOnly(true)
                        .build();
        this.channels = new EtcdChannels(settings, time, executor);
        this.time = time;
        this.timeout = settings.limits().timeout();
        this.login = new EtcdLogin(settings.login(), timeout, time);
        this.availability = new Availability(time, this::probe);
    }

    /**
     * A linearizable question that tells the revision: after the prefix itself, which is no key of
     * ours and which a user who may read no more than our keys may ask for.
     */
    RangeRequest nothing() {
        return nothing;
    }

    Availability availability() {
        return availability;
    }

    EtcdChannels channels() {
        return channels;
    }

    EtcdLogin login() {
        return login;
    }

    Duration timeout() {
        return timeout;
    }

    /**
     * Asks something that changes nothing, and waits for the answer.
     *
     * @throws EtcdException what etcd said, when it answered
     * @throws MetadataUnavailableException when it did not answer in time
     */
    <Q, A> A ask(MethodDescriptor<Q, A> method, Q request) {
        requireAvailable();
        long deadline = time.nanos() + timeout.toNanos();
        while (true) {
            int endpoint = channels.active();
            long left = deadline - time.nanos();
            // An endpoint that is frozen leaves time to ask another one.
            long patience = channels.count() > 1 ? Math.min(left, timeout.toNanos() / 2) : left;
            try {
                return once(method, request, endpoint, Duration.ofNanos(Math.max(patience, 1)));
            } catch (EtcdException e) {
                if (e.fault() == EtcdFault.UNAUTHENTICATED) {
                    availability.failed(e);
                }
                if (e.fault() != EtcdFault.UNAVAILABLE && e.fault() != EtcdFault.BUSY) {
                    throw e;
                }
                if (e.fault() == EtcdFault.UNAVAILABLE) {
                    channels.leave(endpoint);
                }
                if (deadline - time.nanos() <= PAUSE.toNanos() || closed) {
                    availability.failed(e);
                    throw unavailable(e);
                }
                pause();
                requireAvailable();
            }
        }
    }

    /** One attempt; a second one where only the login had expired. */
    private <Q, A> A once(
            MethodDescriptor<Q, A> method, Q request, int endpoint, Duration deadline) {
        Optional<String> token = login.token();
        try {
            return join(send(method, request, endpoint, token, deadline));
        } catch (EtcdException e) {
            if (!loggedIn(e, endpoint, token)) {
                throw explained(e);
            }
            return join(send(method, request, endpoint, login.token(), deadline));
        }
    }

    /**
     * Sends what must not be sent twice. The answer comes within the time that a call may take.
     *
     * @param told of the answer or of an {@link EtcdException}; not on the caller's thread always
     */
    <Q, A> void sendOnce(
            MethodDescriptor<Q, A> method,
            Q request,
            BiConsumer<@Nullable A, @Nullable EtcdException> told) {
        attempt(method, request, new Attempts(time.nanos() + timeout.toNanos(), 0), told);
    }

    /**
     * @param deadlineNanos when the last one is over
     * @param made that certainly did nothing
     */
    private record Attempts(long deadlineNanos, int made) {
        Attempts next() {
            return new Attempts(deadlineNanos, made + 1);
        }
    }

    private <Q, A> void attempt(
            MethodDescriptor<Q, A> method,
            Q request,
            Attempts attempts,
            BiConsumer<@Nullable A, @Nullable EtcdException> told) {
        int endpoint = channels.active();
        Optional<String> token = login.token();
        Duration left = Duration.ofNanos(Math.max(1, attempts.deadlineNanos() - time.nanos()));
        CompletableFuture<A> _ =
                send(method, request, endpoint, token, left)
                        .whenComplete(
                                (answer, failure) -> {
                                    if (answer != null) {
                                        told.accept(answer, null);
                                        return;
                                    }
                                    EtcdException cause = cause(failure);
                                    if (attempts.made() < channels.count()
                                            && attempts.deadlineNanos() - time.nanos() > 0
                                            && mayRepeat(cause, endpoint, token)) {
                                        attempt(method, request, attempts.next(), told);
                                        return;
                                    }
                                    if (cause.fault() == EtcdFault.UNAVAILABLE) {
                                        channels.leave(endpoint);
                                        availability.failed(cause);
                                    } else if (cause.fault() == EtcdFault.UNAUTHENTICATED) {
                                        availability.failed(explained(cause));
                                    }
                                    told.accept(null, explained(cause));
                                });
    }

    /** Whether it certainly did nothing, and may do better now. */
    private boolean mayRepeat(EtcdException failure, int endpoint, Optional<String> token) {
        if (closed || failure.uncertain()) {
            return false;
        }
        if (failure.fault() == EtcdFault.UNAVAILABLE) {
            channels.leave(endpoint);
            return channels.active() != endpoint;
        }
        return loggedIn(failure, endpoint, token);
    }

    private <Q, A> CompletableFuture<A> send(
            MethodDescriptor<Q, A> method,
            Q request,
            int endpoint,
            Optional<String> token,
            Duration deadline) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new EtcdException(
                            Status.UNAVAILABLE.withDescription("the metadata store is closed"),
                            false));
        }
        return new EtcdCall<>(method)
                .send(channels.channel(endpoint), EtcdLogin.headers(token), request, deadline)
                .thenApply(this::ofOurEtcd);
    }

    private <A> A ofOurEtcd(A answer) {
        Optional<EtcdException> stranger = identity.stranger(answer);
        if (stranger.isPresent()) {
            throw stranger.get();
        }
        return answer;
    }

    /** Logs in, when that was all that was wrong. */
    private boolean loggedIn(EtcdException failure, int endpoint, Optional<String> token) {
        return wantsLogin(failure, token) && login.renew(channels.channel(endpoint), token);
    }

    /**
     * Who shows a certificate and no token is taken for the user that the certificate names, and
     * refused what that one may not do.
     */
    private static boolean wantsLogin(EtcdException failure, Optional<String> token) {
        return failure.fault() == EtcdFault.UNAUTHENTICATED
                || (failure.fault() == EtcdFault.REFUSED && token.isEmpty());
    }

    private EtcdException explained(EtcdException failure) {
        return failure.fault() == EtcdFault.UNAUTHENTICATED
                ? login.refusal().orElse(failure)
                : failure;
    }

    /** What the last endpoint said; empty as soon as one answers. */
    private Optional<EtcdException> probe() {
        Duration patience = timeout.dividedBy(2);
        int first = channels.active();
        Optional<EtcdException> last = Optional.empty();
        for (int i = 0; i < channels.count(); i++) {
            int endpoint = (first + i) % channels.count();
            channels.retry(endpoint);
            try {
                once(KVGrpc.getRangeMethod(), nothing, endpoint, patience);
                channels.use(endpoint);
                return Optional.empty();
            } catch (EtcdException e) {
                log.debug("etcd at {} does not answer", channels.endpoint(endpoint), e);
                last = Optional.of(e);
            }
        }
        return last;
    }

    void requireAvailable() {
        if (closed) {
            throw new MetadataUnavailableException("the metadata store is closed", null);
        }
        Optional<EtcdMetadataStore.Away> away = availability.away();
        if (away.isPresent()) {
            throw new MetadataUnavailableException(
                    "etcd has not answered since %s (%s)"
                            .formatted(away.get().since(), away.get().why()),
                    null);
        }
    }

    static MetadataUnavailableException unavailable(EtcdException failure) {
        return new MetadataUnavailableException(String.valueOf(failure.getMessage()), failure);
    }

    private static <A> A join(CompletableFuture<A> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw cause(e);
        }
    }

    static EtcdException cause(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof EtcdException known
                ? known
                : new EtcdException(Status.INTERNAL.withCause(cause), true);
    }

    private void pause() {
        try {
            time.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MetadataUnavailableException("interrupted", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        availability.close();
        channels.close();
    }
}
