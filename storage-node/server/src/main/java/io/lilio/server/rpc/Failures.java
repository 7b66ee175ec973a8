package io.lilio.server.rpc;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkConflictException;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkDeletedException;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkMissingException;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.server.rpc.message.Failure;
import io.lilio.server.rpc.message.Failure.Kind;
import java.util.List;

/** What a store throws, as it stands in an answer, and back again. */
final class Failures {

    private Failures() {}

    static Failure of(Kind kind, String message) {
        return Failure.newBuilder().setKind(kind).setMessage(message).build();
    }

    static Failure of(ChunkStoreException thrown) {
        String message = String.valueOf(thrown.getMessage());
        return switch (thrown) {
            case ChunkMissingException e -> of(Kind.MISSING, e.id(), message);
            case ChunkCorruptException e -> of(Kind.CORRUPT, e.id(), message);
            case ChunkConflictException e -> of(Kind.CONFLICT, e.id(), message);
            case ChunkDeletedException e -> of(Kind.DELETED, e.id(), message);
            case BackendException e -> of(kind(e.reason()), message);
        };
    }

    private static Failure of(Kind kind, ChunkId chunk, String message) {
        String prefix = "chunk " + chunk + ": ";
        return Failure.newBuilder()
                .setKind(kind)
                .setMessage(
                        message.startsWith(prefix) ? message.substring(prefix.length()) : message)
                .setChunk(ChunkMessages.ids(List.of(chunk)))
                .build();
    }

    private static Kind kind(Reason reason) {
        return switch (reason) {
            case FULL -> Kind.FULL;
            case READ_ONLY -> Kind.READ_ONLY;
            case IO -> Kind.IO;
            case OVERLOADED -> Kind.OVERLOADED;
            case TIMEOUT -> Kind.TIMEOUT;
            case CLOSED -> Kind.CLOSED;
        };
    }

    /**
     * The exception that a caller sees.
     *
     * @param where the node, for the message
     * @throws FrameException when it lacks the chunk that it is about
     */
    static RuntimeException asException(Failure failure, String where) throws FrameException {
        String message = failure.getMessage();
        return switch (failure.getKind()) {
            case MISSING ->
                    new ChunkMissingException(ChunkMessages.id(failure.getChunk()), message);
            case CORRUPT ->
                    new ChunkCorruptException(ChunkMessages.id(failure.getChunk()), message);
            case CONFLICT ->
                    new ChunkConflictException(ChunkMessages.id(failure.getChunk()), message);
            case DELETED ->
                    new ChunkDeletedException(ChunkMessages.id(failure.getChunk()), message);
            case FULL -> backend(Reason.FULL, where, message);
            case READ_ONLY -> backend(Reason.READ_ONLY, where, message);
            case OVERLOADED -> backend(Reason.OVERLOADED, where, message);
            case TIMEOUT -> backend(Reason.TIMEOUT, where, message);
            case CLOSED -> backend(Reason.CLOSED, where, message);
            case ILLEGAL_ARGUMENT -> new IllegalArgumentException(message);
            case IO, UNSUPPORTED, NOT_HOSTED, OTHER_PROCESS, REFUSED, UNKNOWN, UNRECOGNIZED ->
                    backend(Reason.IO, where, message);
        };
    }

    private static BackendException backend(Reason reason, String where, String message) {
        return new BackendException(reason, where + ": " + message, null);
    }
}
