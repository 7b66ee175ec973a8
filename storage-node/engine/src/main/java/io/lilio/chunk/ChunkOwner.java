package io.lilio.chunk;

import java.util.UUID;

/**
 * Where the record that owns a chunk is to be looked for. It is written into the chunk's header, so
 * that a chunk can be judged (live or orphan) and, one day, metadata rebuilt from chunks alone. The
 * record itself names the blob; a version number is not here because it is only known at the
 * commit.
 */
public sealed interface ChunkOwner {

    /** The bucket's identity, not its name: a name can be used again. */
    UUID bucket();

    /** The object key. */
    String key();

    /** A chunk of an object written in one PUT: owned by the head or by a version of its key. */
    record OfObject(UUID bucket, String key) implements ChunkOwner {}

    /**
     * A chunk of a multipart part: owned by the part's record.
     *
     * @param part the part number, 1 to 10,000
     */
    record OfPart(UUID bucket, String key, UUID upload, int part) implements ChunkOwner {}
}
