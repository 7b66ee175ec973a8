package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;

/**
 * A source that is held to its word: it gives as many bytes as it announced, not more than are
 * allowed, and not too slowly. Used by one thread.
 */
final class Body {

    private final ObjectSource source;
    private final OptionalLong announced;
    private final long maxBytes;
    private final PaceCheck pace;
    private long bytes;
    private boolean ended;

    /**
     * @throws ObjectStoreException OBJECT_TOO_LARGE when more is announced than is allowed
     */
    Body(ObjectSource source, long maxBytes, PaceCheck pace) {
        this.source = source;
        this.announced = source.length();
        this.maxBytes = maxBytes;
        this.pace = pace;
        requireAllowed(announced.orElse(0));
    }

    /** Whether it may have no more than that many bytes in all. */
    boolean mayFit(int size) {
        return announced.orElse(0) <= size;
    }

    /** Whether it certainly has no more than that many bytes in all. */
    boolean fits(int size) {
        return announced.orElse(Long.MAX_VALUE) <= size;
    }

    /** The most bytes that may still come, as far as that is known, but at most {@code limit}. */
    int remaining(int limit) {
        return (int) Math.min(limit, announced.orElse(Long.MAX_VALUE) - bytes);
    }

    /** How many bytes there were so far. */
    long bytes() {
        return bytes;
    }

    /** Whether the source has reported its end. */
    boolean ended() {
        return ended;
    }

    /** The SHA-256 of the whole body, if it has ended and its source knows it. */
    Optional<byte[]> sha256() {
        return ended ? source.sha256() : Optional.empty();
    }

    /**
     * Reads until the target is full or the body ends. When everything that was announced has come,
     * the end is asked for too.
     *
     * @param arrived is told how many bytes each read put
     */
    void fill(ByteBuffer target, IntConsumer arrived) {
        while (target.hasRemaining() && !ended) {
            int count = read(target);
            if (count > 0) {
                arrived.accept(count);
            }
        }
        if (!ended && announced.isPresent() && bytes == announced.getAsLong()) {
            read(ByteBuffer.allocate(1));
        }
    }

    private int read(ByteBuffer target) {
        int count = source.read(target);
        if (count < 0) {
            ended = true;
            requireComplete();
            return 0;
        }
        bytes += count;
        pace.passed(count);
        if (announced.isPresent() && bytes > announced.getAsLong()) {
            throw new ObjectStoreException(
                    Kind.INVALID_REQUEST, "The body has more bytes than were announced");
        }
        requireAllowed(bytes);
        return count;
    }

    private void requireComplete() {
        if (announced.isPresent() && bytes < announced.getAsLong()) {
            throw new ObjectStoreException(
                    Kind.INCOMPLETE_BODY,
                    "The body has %d bytes, not %d as announced"
                            .formatted(bytes, announced.getAsLong()));
        }
    }

    private void requireAllowed(long size) {
        if (size > maxBytes) {
            throw new ObjectStoreException(
                    Kind.OBJECT_TOO_LARGE,
                    "Your proposed upload exceeds the maximum allowed size of "
                            + maxBytes
                            + " bytes");
        }
    }
}
