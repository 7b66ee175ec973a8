package io.lilio.catalog.owner;

import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkOwner;

/** Finds the record that owns a chunk. Thread-safe. */
public interface OwnerLookup {

    /**
     * Who owns a blob, linearizable.
     *
     * @param claimed where the chunk's header says that the record is
     * @throws io.lilio.metadata.MetadataUnavailableException when it cannot be told
     */
    Owner find(ChunkOwner claimed, BlobId blob);
}
