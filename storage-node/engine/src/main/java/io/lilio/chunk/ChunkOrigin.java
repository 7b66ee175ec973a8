package io.lilio.chunk;

/**
 * What all chunks of a blob say about where they come from.
 *
 * @param epoch the ring epoch under which the blob was opened
 * @param openingRevision the metadata revision at which it was opened
 * @param session the incarnation of the session that writes it
 * @param owner where its owner record is looked for
 */
public record ChunkOrigin(long epoch, long openingRevision, long session, ChunkOwner owner) {}
