package io.lilio.object;

/**
 * The bytes that an answer carries.
 *
 * @param offset the first byte, from 0
 * @param length how many; 0 only for an empty object
 * @param objectSize the size of the whole object
 * @param partial whether a range was asked for: 206 instead of 200, also when it covers everything
 */
public record ContentRange(long offset, long length, long objectSize, boolean partial) {

    /** The value of {@code Content-Range}, as in {@code bytes 0-9/100}. */
    public String contentRange() {
        return "bytes " + offset + "-" + (offset + length - 1) + "/" + objectSize;
    }
}
