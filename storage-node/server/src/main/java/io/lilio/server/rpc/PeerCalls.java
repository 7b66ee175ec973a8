package io.lilio.server.rpc;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.server.rpc.RpcListener.Breach;
import io.lilio.server.rpc.RpcListener.Side;
import io.lilio.server.rpc.message.Answer;
import io.lilio.server.rpc.message.Call;
import io.lilio.server.rpc.message.Failure;
import io.lilio.time.Sparingly;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls to one peer on behalf of one store. Whatever goes wrong between the nodes is a {@link
 * BackendException}; what the peer's store throws is thrown here. A call is never longer under way
 * than its deadline: then its connection is closed. Thread-safe.
 */
final class PeerCalls {

    private static final Logger log = LoggerFactory.getLogger(PeerCalls.class);

    private final PeerPool pool;
    private final RpcRuntime runtime;
    private final PeerListener listener;
    private final Sparingly telling;
    private final Semaphore share;
    private final Set<PeerConnection> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean cutOff;

    PeerCalls(PeerPool pool, RpcRuntime runtime, PeerListener listener, Sparingly telling) {
        this.pool = pool;
        this.runtime = runtime;
        this.listener = listener;
        this.telling = telling;
        this.share = pool.newShare();
    }

    /**
     * @param call without its patience, which is added
     * @param target as {@link PeerConnection#exchange} says
     */
    Answer make(
            RpcOperation operation,
            Call.Builder call,
            ByteBuffer payload,
            @Nullable ByteBuffer target,
            Duration patience) {
        long began = runtime.time().nanos();
        String outcome = "io";
        try {
            Answer answer =
                    admitted(
                            new Attempt(
                                    operation,
                                    call.setPatienceMillis((int) patience.toMillis()).build(),
                                    payload,
                                    target,
                                    began + patience.toNanos()));
            outcome = outcome(answer);
            learnFrom(answer, call.getEpoch());
            if (answer.hasFailure()) {
                throw Failures.asException(answer.getFailure(), pool.peer().toString());
            }
            return answer;
        } catch (IOException e) {
            BackendException failure = failure(e);
            outcome = failure.reason().name().toLowerCase(Locale.ROOT);
            throw failure;
        } finally {
            runtime.listener()
                    .called(Side.CLIENT, operation, outcome, runtime.time().nanos() - began);
        }
    }

    /** Breaks off whatever is under way, and what comes later. */
    void cutOff() {
        cutOff = true;
        underWay.forEach(PeerConnection::close);
    }

    /** A call as it is sent, twice perhaps. */
    private record Attempt(
            RpcOperation operation,
            Call call,
            ByteBuffer payload,
            @Nullable ByteBuffer target,
            long deadlineNanos) {}

    private Answer admitted(Attempt attempt) throws IOException {
        if (!pool.admit(share, attempt.deadlineNanos())) {
            throw new NoConnectionException();
        }
        try {
            @Nullable PeerConnection used = pool.reuse();
            if (used != null) {
                try {
                    return exchange(used, attempt);
                } catch (IOException e) {
                    // All calls may be made twice. It was closed while nobody looked, most likely
                    // because the peer was started again: then the others are worth nothing either.
                    if (used.answerBegan() || used.frames().deadline().isExpired()) {
                        throw e;
                    }
                    pool.discardIdle();
                }
            }
            return exchange(pool.dial(attempt.deadlineNanos()), attempt);
        } finally {
            pool.dismiss(share);
        }
    }

    private Answer exchange(PeerConnection connection, Attempt attempt) throws IOException {
        FrameConnection frames = connection.frames();
        long in = frames.bytesIn();
        long out = frames.bytesOut();
        frames.deadline().at(attempt.deadlineNanos());
        underWay.add(connection);
        boolean whole = false;
        try {
            if (cutOff) {
                throw new IOException("nobody waits for the answer any more");
            }
            Answer answer =
                    connection.exchange(
                            attempt.operation(),
                            attempt.call(),
                            attempt.payload(),
                            attempt.target());
            whole = true;
            return answer;
        } catch (IOException e) {
            if (frames.deadline().isExpired()) {
                throw new SocketTimeoutException("no answer in time");
            }
            throw e;
        } finally {
            underWay.remove(connection);
            if (whole) {
                pool.giveBack(connection);
            } else {
                pool.discard(connection);
            }
            runtime.listener().moved(Side.CLIENT, frames.bytesIn() - in, frames.bytesOut() - out);
        }
    }

    private void learnFrom(Answer answer, long sentEpoch) {
        if (answer.getEpoch() > sentEpoch) {
            listener.newerEpoch(answer.getEpoch());
        }
        if (answer.hasMetadata()) {
            listener.progress(ChunkMessages.progress(answer.getMetadata()));
        }
        Failure.Kind kind = answer.getFailure().getKind();
        if (kind == Failure.Kind.NOT_HOSTED || kind == Failure.Kind.OTHER_PROCESS) {
            listener.moved(pool.peer());
        }
    }

    private BackendException failure(IOException e) {
        @Nullable Breach breach =
                switch (e) {
                    case RefusedException _ -> Breach.REFUSED;
                    case javax.net.ssl.SSLException _ -> Breach.REFUSED;
                    case FrameException _ -> Breach.BAD_FRAME;
                    case SocketTimeoutException _ -> Breach.TIMEOUT;
                    default -> null;
                };
        if (breach != null) {
            runtime.listener().broken(Side.CLIENT, breach);
            if (breach != Breach.TIMEOUT && telling.now()) {
                log.warn("{}: {}", pool.peer(), e.getMessage());
            }
        }
        Reason reason =
                breach == Breach.TIMEOUT
                        ? Reason.TIMEOUT
                        : e instanceof NoConnectionException ? Reason.OVERLOADED : Reason.IO;
        return new BackendException(reason, pool.peer() + ": " + e.getMessage(), e);
    }

    /** All that there may be were in use for as long as the call could wait. */
    private static final class NoConnectionException extends IOException {
        NoConnectionException() {
            super("too many calls are under way to it");
        }
    }

    private static String outcome(Answer answer) {
        return answer.hasFailure()
                ? answer.getFailure().getKind().name().toLowerCase(Locale.ROOT).replace('_', '-')
                : "ok";
    }
}
