package io.lilio.server.rpc;

import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.ChunkStoreContract;
import org.junit.jupiter.api.AfterEach;

/** A store on another node does what every store does. */
class RemoteChunkStoreTest extends ChunkStoreContract {

    private final TwoNodes nodes = new TwoNodes();

    @Override
    protected ChunkStore open() throws Exception {
        return nodes.hosting(nodes.memoryStore(PARTITIONS, time)).connect();
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }
}
