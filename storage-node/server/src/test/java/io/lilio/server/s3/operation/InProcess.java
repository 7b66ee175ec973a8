package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.ChunkId;
import io.lilio.server.s3.http.RawClient;
import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 side in this process, whose every chunk and buffer can be seen at any time. */
final class InProcess implements FrontEnd {

    private final S3Fixture lilio = new S3Fixture();
    private Set<ChunkId> inventory = Set.of();

    @Override
    public S3Client client() {
        return lilio.client();
    }

    @Override
    public RawClient connect() throws IOException {
        return lilio.connect();
    }

    @Override
    public int requestsUnderWay() {
        return lilio.requestsUnderWay();
    }

    @Override
    public long bufferBytesHeld() {
        return lilio.engine().bufferBytesHeld();
    }

    @Override
    public void assertNothingIsHeld() {
        lilio.awaitIdle();
        lilio.engine().awaitBuffers();
        Patience.await(() -> lilio.engine().inventory().equals(inventory));
        assertThat(lilio.engine().inventory()).as("chunks").isEqualTo(inventory);
    }

    @Override
    public void acceptChunks() {
        lilio.engine().awaitBuffers();
        inventory = lilio.engine().inventory();
    }

    @Override
    public void close() {
        lilio.close();
    }
}
