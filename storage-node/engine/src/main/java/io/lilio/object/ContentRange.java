package io.lilio.object;

import java.util.Optional;

/**
 * The bytes that an answer carries.
 *
 * @param offset the first byte, from 0
 * @param length how many; 0 only for an empty object or an empty part
 * @param objectSize the size of the whole object
 * @param partial whether a range was asked for: 206 instead of 200, also when it covers everything;
 *     never of an empty object
 */
public record ContentRange(long offset, long length, long objectSize, boolean partial) {

    /**
     * The value of {@code Content-Range}, as in {@code bytes 0-9/100}: empty for a whole object,
     * and for no bytes, which it cannot say.
     */
    public Optional<String> contentRange() {
        return partial && length > 0
                ? Optional.of("bytes " + offset + "-" + (offset + length - 1) + "/" + objectSize)
                : Optional.empty();
    }
}
