package io.lilio.chunk;

/**
 * What a backend holds.
 *
 * @param chunks stored chunks
 * @param payloadBytes their payload
 * @param storedBytes what they take on the medium, dead space not yet reclaimed included
 * @param unconfirmed chunks that carry the unconfirmed mark
 */
public record BackendUsage(long chunks, long payloadBytes, long storedBytes, long unconfirmed) {}
