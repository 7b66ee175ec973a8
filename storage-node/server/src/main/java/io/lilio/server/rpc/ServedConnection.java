package io.lilio.server.rpc;

import io.lilio.ObjectStoreException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.chunk.buffer.PooledBuffer;
import io.lilio.placement.MemberId;
import io.lilio.server.rpc.RpcListener.Side;
import io.lilio.server.rpc.message.Answer;
import io.lilio.server.rpc.message.Call;
import io.lilio.server.rpc.message.Failure;
import io.lilio.server.rpc.message.Failure.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the calls that arrive on one connection, one after another, once the other side has proved
 * itself. A call that may not begin yet, or finds no buffer, waits with its payload unread: the
 * network makes its sender wait, and nothing piles up here.
 */
final class ServedConnection {

    private static final Logger log = LoggerFactory.getLogger(ServedConnection.class);

    private static final String NO_MEMORY = "no memory for the payload";

    private final FrameConnection frames;
    private final int version;
    private final ServedCalls calls;
    private volatile boolean busy;

    /**
     * @param version that both ends speak
     */
    ServedConnection(FrameConnection frames, int version, ServedCalls calls) {
        this.frames = frames;
        this.version = version;
        this.calls = calls;
    }

    /** Whether a call is under way. */
    boolean isBusy() {
        return busy;
    }

    void close() {
        frames.close();
    }

    /** Until the other side closes the connection, or nothing is asked for long. */
    void serve() throws IOException {
        while (true) {
            frames.deadline().in(calls.settings().timeouts().idle());
            if (!frames.awaitFrame()) {
                return;
            }
            busy = true;
            frames.deadline().in(calls.settings().timeouts().transfer());
            FrameConnection.Frame frame = frames.receive(FrameLimits.CALLS);
            if (frame.prefix().version() != version) {
                throw new FrameException(
                        "it is of version %d, not %d".formatted(frame.prefix().version(), version));
            }
            serveOne(frame);
            busy = false;
        }
    }

    private void serveOne(FrameConnection.Frame frame) throws IOException {
        @Nullable RpcOperation operation = RpcOperation.of(frame.prefix().operation());
        if (operation == null) {
            String unknown = "operation " + frame.prefix().operation() + " is not known here";
            refuse(frame, Failures.of(Kind.UNSUPPORTED, unknown));
            return;
        }
        long began = calls.runtime().time().nanos();
        long in = frames.bytesIn();
        long out = frames.bytesOut();
        String outcome = "io";
        try {
            @Nullable Failure failure = admitted(operation, frame);
            outcome =
                    failure == null
                            ? "ok"
                            : failure.getKind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        } finally {
            RpcListener listener = calls.runtime().listener();
            listener.called(
                    Side.SERVER, operation, outcome, calls.runtime().time().nanos() - began);
            listener.moved(Side.SERVER, frames.bytesIn() - in, frames.bytesOut() - out);
        }
    }

    private @Nullable Failure admitted(RpcOperation operation, FrameConnection.Frame frame)
            throws IOException {
        Call call = Messages.parse(Call.parser(), frame.header());
        LocalNode node = calls.node();
        if (call.hasMetadata()) {
            node.metadata().raise(ChunkMessages.progress(call.getMetadata()));
        }
        if (call.getProcess() != 0 && call.getProcess() != node.process()) {
            String other = "it was started again since it was asked for";
            return refuse(frame, Failures.of(Kind.OTHER_PROCESS, other));
        }
        MemberId member = new MemberId(ChunkMessages.uuid(call.getMember()));
        Optional<ChunkStore> store = node.members().find(member);
        if (store.isEmpty()) {
            return refuse(frame, Failures.of(Kind.NOT_HOSTED, "it does not host member " + member));
        }
        if (operation == RpcOperation.DELETE && node.deletionStopped().getAsBoolean()) {
            return refuse(frame, Failures.of(Kind.READ_ONLY, "the deletion brake is engaged here"));
        }
        return sharing(calls.share(member), new Asked(operation, frame, call, store.get()));
    }

    /** A call that may be made, at the store that it is for. */
    private record Asked(
            RpcOperation operation, FrameConnection.Frame frame, Call call, ChunkStore store) {

        /** What arrives with it, or is read for its answer. */
        int payloadBytes() {
            boolean reads =
                    operation == RpcOperation.READ
                            && call.getLength() > 0
                            && call.getLength() <= ChunkHeader.MAX_LENGTH;
            return reads ? call.getLength() : frame.prefix().payloadBytes();
        }
    }

    /** Holds what it takes of its member's share until it is answered. */
    private @Nullable Failure sharing(MemberShare share, Asked asked) throws IOException {
        Duration patience = calls.patience(asked.call());
        if (!share.enter(patience)) {
            return refuse(asked.frame(), Failures.of(Kind.OVERLOADED, "too many calls are served"));
        }
        try {
            int bytes = asked.payloadBytes();
            if (!share.take(bytes, patience)) {
                return refuse(asked.frame(), Failures.of(Kind.OVERLOADED, NO_MEMORY));
            }
            try {
                return received(asked, patience);
            } finally {
                share.giveBack(bytes);
            }
        } finally {
            share.leave();
        }
    }

    private @Nullable Failure received(Asked asked, Duration patience) throws IOException {
        Call call = asked.call();
        FrameConnection.Frame frame = asked.frame();
        PooledBuffer buffer = null;
        try {
            calls.node().ring().require(call.getEpoch());
            if (frame.prefix().payloadBytes() > 0) {
                buffer = calls.buffers().acquire(frame.prefix().payloadBytes(), patience);
            }
        } catch (ObjectStoreException e) {
            return refuse(frame, Failures.of(Kind.OVERLOADED, NO_MEMORY));
        } catch (RuntimeException e) {
            log.debug("ring epoch {} cannot be loaded", call.getEpoch(), e);
            String unknown =
                    "ring epoch %d cannot be loaded: %s".formatted(call.getEpoch(), e.getMessage());
            return refuse(frame, Failures.of(Kind.IO, unknown));
        }
        try {
            ByteBuffer payload = FrameConnection.NOTHING;
            if (buffer != null) {
                if (frame.prefix().isCheckedByHeader()) {
                    throw new FrameException("nothing in its header checks its payload");
                }
                payload = buffer.view(0, frame.prefix().payloadBytes());
                frames.receivePayload(frame, payload);
            }
            return answer(asked, payload, patience);
        } finally {
            if (buffer != null) {
                buffer.release();
            }
        }
    }

    private @Nullable Failure answer(Asked asked, ByteBuffer payload, Duration patience)
            throws IOException {
        RpcOperation operation = asked.operation();
        // How long the store takes is not the network's business.
        frames.deadline().clear();
        MemberCalls.Result result;
        try {
            result =
                    calls.members().make(operation, asked.store(), asked.call(), payload, patience);
        } catch (ChunkStoreException e) {
            return fail(operation.code(), Failures.of(e));
        } catch (IllegalArgumentException e) {
            return fail(
                    operation.code(),
                    Failures.of(Kind.ILLEGAL_ARGUMENT, String.valueOf(e.getMessage())));
        } catch (ObjectStoreException e) {
            return fail(operation.code(), Failures.of(Kind.OVERLOADED, NO_MEMORY));
        } catch (RuntimeException e) {
            log.error("{} for {} failed unexpectedly", operation, frames.remote(), e);
            return fail(operation.code(), Failures.of(Kind.IO, "unexpected: " + e));
        }
        try {
            frames.deadline().in(calls.settings().timeouts().transfer());
            PooledBuffer read = result.payload();
            if (read == null) {
                send(operation.code(), result.answer());
            } else {
                Answer answer = telling(result.answer());
                frames.sendChecked(version, operation.code(), answer, read.view(0, read.size()));
            }
            return null;
        } finally {
            if (result.payload() != null) {
                result.payload().release();
            }
        }
    }

    /** Answers a call that is not made, once its payload is out of the way. */
    private Failure refuse(FrameConnection.Frame frame, Failure failure) throws IOException {
        frames.skipPayload(frame);
        return fail(frame.prefix().operation(), failure);
    }

    private Failure fail(int operation, Failure failure) throws IOException {
        frames.deadline().in(calls.settings().timeouts().transfer());
        send(operation, Answer.newBuilder().setFailure(failure));
        return failure;
    }

    private void send(int operation, Answer.Builder answer) throws IOException {
        frames.send(version, operation, telling(answer), FrameConnection.NOTHING);
    }

    private Answer telling(Answer.Builder answer) {
        LocalNode node = calls.node();
        return answer.setEpoch(node.ring().current())
                .setMetadata(ChunkMessages.progress(node.metadata().get()))
                .build();
    }
}
