package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.process.ServerProcess;
import io.lilio.server.process.StoppedStore;
import io.lilio.server.s3.http.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The packaged server, over three directories. What is under way is read from its metrics; its
 * backends are looked into when it was stopped.
 */
final class RealProcess implements FrontEnd {

    private final ServerProcess server;

    RealProcess(Path directory) throws IOException, InterruptedException {
        server =
                ServerProcess.start(
                        directory.resolve("data"),
                        Map.of(
                                "LILIO_ROOT_ACCESS_KEY",
                                S3Fixture.ROOT_KEY,
                                "LILIO_ROOT_SECRET_KEY",
                                S3Fixture.ROOT_SECRET,
                                "LILIO_OBJECTS_CHUNK_SIZE",
                                "256K"));
    }

    @Override
    public S3Client client() {
        return S3Fixture.client(server.endpoint(), S3Fixture.ROOT_KEY, S3Fixture.ROOT_SECRET);
    }

    @Override
    public RawClient connect() throws IOException {
        return new RawClient(server.endpoint().getPort());
    }

    @Override
    public int requestsUnderWay() {
        return (int) metric("lilio_requests_under_way");
    }

    @Override
    public long bufferBytesHeld() {
        return (long) metric("lilio_buffers_in_use_bytes");
    }

    @Override
    public void assertNothingIsHeld() {
        assertBecomesZero("requests under way", this::requestsUnderWay);
        assertBecomesZero("bytes of buffers", this::bufferBytesHeld);
    }

    /** Seen once is enough: what a client left behind that vanished may still arrive. */
    private static void assertBecomesZero(String what, LongSupplier held) {
        long[] seen = new long[1];
        Patience.await(() -> (seen[0] = held.getAsLong()) == 0);
        assertThat(seen[0]).as(what).isZero();
    }

    /** Which chunks belong is known from the records, at the end. */
    @Override
    public void acceptChunks() {}

    private double metric(String name) {
        try {
            String metrics = server.scrape();
            Matcher line =
                    Pattern.compile("^" + name + "(?:\\{[^}]*})? (\\S+)$", Pattern.MULTILINE)
                            .matcher(metrics);
            assertThat(line.find()).as("%s in\n%s", name, metrics).isTrue();
            return Double.parseDouble(line.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(server.lastLog(), e);
        }
    }

    @Override
    public void close() throws Exception {
        try (server) {
            assertThat(server.isAlive()).as(server.lastLog()).isTrue();
            assertThat(server.terminate()).isIn(0, 143);
        }
        StoppedStore.assertHoldsExactlyWhatRecordsName(server.data());
    }
}
