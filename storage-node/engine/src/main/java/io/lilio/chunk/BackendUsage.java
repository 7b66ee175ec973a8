package io.lilio.chunk;

/**
 * What a backend holds.
 *
 * @param chunks stored chunks
 * @param payloadBytes their payload
 * @param storedBytes what they take on the medium, dead space not yet reclaimed included
 * @param unconfirmed chunks that carry the unconfirmed mark
 * @param loss names the last time that it lost chunks, until it has been filled again (see {@link
 *     ChunkStore#refilled}); 0 when it has all that it was given
 */
public record BackendUsage(
        long chunks, long payloadBytes, long storedBytes, long unconfirmed, long loss) {}
