package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.digest.Digests;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where the bytes of a PUT or of a part come from. Read once, from front to back, by one thread.
 */
public interface ObjectSource {

    /**
     * How many bytes {@link #read} will give in all, when that is known. A source that announced a
     * length and gives fewer or more bytes fails with INCOMPLETE_BODY or INVALID_REQUEST.
     */
    OptionalLong length();

    /**
     * What {@link #verify} wants to see. Read once, before the first byte; beside the algorithms
     * that the ETag and the stored checksum need.
     */
    Set<DigestAlgorithm> digests();

    /**
     * Waits for bytes and puts at least one into the target's remaining space.
     *
     * @param target has room for at least one byte
     * @return how many bytes were put, or -1 at the end, which is only reported when the body is
     *     complete
     * @throws ObjectStoreException INCOMPLETE_BODY when the body broke off, REQUEST_TIMEOUT when
     *     nothing came for too long
     */
    int read(ByteBuffer target);

    /**
     * The SHA-256 of all bytes that {@link #read} gave, when the source knows it anyway; asked for
     * after the end. Who stores all of them as one chunk need not compute it once more, and a byte
     * that changes on the way there is noticed.
     */
    default Optional<byte[]> sha256() {
        return Optional.empty();
    }

    /**
     * Compares what the client claimed about the bytes with what they are; called once, after the
     * end.
     *
     * @param computed the values of {@link #digests()}, and possibly of others
     * @throws ObjectStoreException BAD_DIGEST when they differ
     */
    void verify(Digests computed);
}
