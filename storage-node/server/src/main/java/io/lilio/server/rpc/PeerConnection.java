package io.lilio.server.rpc;

import io.lilio.chunk.BlockChecksums;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.server.rpc.message.Answer;
import io.lilio.server.rpc.message.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A connection to a peer that has proved itself. One call at a time. */
final class PeerConnection implements AutoCloseable {

    private final FrameConnection frames;
    private final int version;
    private volatile long usedNanos;
    private boolean answerBegan;

    PeerConnection(FrameConnection frames, int version, long nowNanos) {
        this.frames = frames;
        this.version = version;
        this.usedNanos = nowNanos;
    }

    /**
     * Makes a call.
     *
     * @param target takes the payload of an answer that is no failure: exactly as much as it has
     *     room. Its position stays as it is
     */
    Answer exchange(
            RpcOperation operation, Call call, ByteBuffer payload, @Nullable ByteBuffer target)
            throws IOException {
        answerBegan = false;
        frames.send(version, operation.code(), call, payload);
        answerBegan = frames.awaitFrame();
        FrameConnection.Frame frame = frames.receive(FrameLimits.CALLS);
        if (frame.prefix().operation() != operation.code() || frame.prefix().version() != version) {
            throw new FrameException("it answers another operation");
        }
        Answer answer = Messages.parse(Answer.parser(), frame.header());
        ByteBuffer room = target == null || answer.hasFailure() ? FrameConnection.NOTHING : target;
        if (frame.prefix().payloadBytes() != room.remaining()) {
            throw new FrameException(
                    "its payload has %d bytes instead of %d"
                            .formatted(frame.prefix().payloadBytes(), room.remaining()));
        }
        frames.receivePayload(frame, room);
        if (operation == RpcOperation.READ && !answer.hasFailure()) {
            verify(call, answer, room);
        } else if (frame.prefix().isCheckedByHeader()) {
            throw new FrameException("nothing in its header checks its payload");
        }
        return answer;
    }

    /**
     * What the chunk's header says is compared with what came. The peer has done the same before it
     * answered, so a difference tells of the way and not of the peer's copy.
     */
    private static void verify(Call call, Answer answer, ByteBuffer bytes) throws FrameException {
        ChunkHeader header = ChunkMessages.header(answer.getHeader());
        if (!header.id().equals(ChunkMessages.id(call.getIds()))) {
            throw new FrameException("it brings another chunk");
        }
        try {
            BlockChecksums.requireWholeBlocks(header, call.getOffset(), bytes.remaining());
            BlockChecksums.verify(header, call.getOffset(), bytes);
        } catch (IllegalArgumentException | ChunkCorruptException e) {
            throw new FrameException("its payload is not what its header says: " + e.getMessage());
        }
    }

    /** Whether anything of the latest call's answer arrived: then it is not made again. */
    boolean answerBegan() {
        return answerBegan;
    }

    FrameConnection frames() {
        return frames;
    }

    void idleSince(long nowNanos) {
        frames.deadline().clear();
        usedNanos = nowNanos;
    }

    long idleNanos(long nowNanos) {
        return nowNanos - usedNanos;
    }

    @Override
    public void close() {
        frames.close();
    }
}
