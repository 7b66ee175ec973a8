package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** How the real process begins, refuses to begin, and ends. */
class StartIT {

    @TempDir Path directory;

    @Test
    void aPortThatIsTakenStopsTheStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            ServerProcess.startInVain(directory.resolve("data"), Map.of("LILIO_S3_PORT", port))
                    .saying(port);
        }
    }

    @Test
    void aManagementPortThatIsTakenStopsTheStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            ServerProcess.startInVain(
                            directory.resolve("data"), Map.of("LILIO_MANAGEMENT_PORT", port))
                    .saying("lilio.management.port", port);
        }
    }

    @Test
    void anAdminPortThatIsTakenStopsTheStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            ServerProcess.startInVain(directory.resolve("data"), Map.of("LILIO_ADMIN_PORT", port))
                    .saying("lilio.admin.port", port);
        }
    }

    @Test
    void aSecondProcessOnTheSameDataDoesNotStartAndTheFirstGoesOn() throws Exception {
        try (ServerProcess first = ServerProcess.start(directory.resolve("data"), Map.of())) {
            ServerProcess.startInVain(first.data(), Map.of()).saying("data");
            try (S3Client s3 = Clients.withoutRetries(first.endpoint())) {
                put(s3, new byte[100_000]);
            }
        }
    }

    @Test
    void aDiskThatIsNotMountedStopsTheStart() throws Exception {
        Path data = storeSomethingAndStop(100_000);
        Path disk = data.resolve("disk2");
        delete(disk);
        Files.createDirectory(disk);
        ServerProcess.startInVain(data, Map.of()).saying("disk2", "empty", "adopt-empty");
        try (Stream<Path> chunks = Files.list(data.resolve("disk1"))) {
            assertThat(chunks).as("the others are as they were").isNotEmpty();
        }
    }

    /** The smaller object is in the metadata alone: no backend holds a chunk. */
    @ParameterizedTest
    @ValueSource(ints = {5, 100_000})
    void lostMetadataStopTheStartUntilTheyAreBack(int bytes) throws Exception {
        Path data = storeSomethingAndStop(bytes);
        Path away = directory.resolve("away");
        Files.move(data.resolve("metadata"), away);
        ServerProcess.startInVain(data, Map.of())
                .saying("metadata", "put them back", "give up", "disk1", "metadata-seen");
        Files.move(away, data.resolve("metadata"));
        try (ServerProcess server = ServerProcess.start(data, Map.of());
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            assertThat(s3.headObject(b -> b.bucket("begin").key("k")).contentLength())
                    .isEqualTo(bytes);
        }
    }

    /** Killed as soon as the first of the backends has its label. */
    @Test
    void aFirstStartThatIsKilledIsMadeUpForByTheNext() throws Exception {
        Path data = directory.resolve("data");
        Path label = data.resolve("disk1").resolve("lilio-backend.properties");
        try (ServerProcess server = ServerProcess.begin(data, Map.of())) {
            while (!Files.exists(label) && server.isAlive()) {
                Thread.sleep(1);
            }
            assertThat(label).as(server.lastLog()).exists();
            server.kill();
            server.startAgain();
            try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
                put(s3, new byte[100]);
            }
        }
    }

    @Test
    void everyLineOfARequestInTheJsonLogCarriesItsId() throws Exception {
        try (ServerProcess server =
                        ServerProcess.start(
                                directory.resolve("data"),
                                Map.of("LILIO_LOG_FORMAT", "json", "LILIO_LOG_ACCESS", "true"));
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("begin"));
            String id = s3.headBucket(b -> b.bucket("begin")).responseMetadata().requestId();
            assertThat(id).isNotBlank();
            List<String> lines = List.of();
            long end = System.nanoTime() + 60_000_000_000L;
            while (lines.isEmpty() && System.nanoTime() < end) {
                lines = server.log().lines().filter(line -> line.contains(id)).toList();
                Thread.sleep(50);
            }
            assertThat(lines)
                    .as("the access line is JSON as all others are")
                    .singleElement()
                    .satisfies(
                            line ->
                                    assertThat(line)
                                            .startsWith("{\"")
                                            .contains("io.lilio.access")
                                            .contains("\"requestId\":\"" + id + "\""));
        }
    }

    @Test
    void whatIsUnderWayAtSigtermIsFinishedAndNothingElseIsTaken() throws Exception {
        byte[] body = new byte[24 << 20];
        new Random(3).nextBytes(body);
        try (ServerProcess server = ServerProcess.start(directory.resolve("data"), Map.of());
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            put(s3, body);
            try (ResponseInputStream<GetObjectResponse> reading =
                    s3.getObject(b -> b.bucket("begin").key("k"))) {
                byte[] begun = reading.readNBytes(100_000);
                FutureTask<Integer> leaving = new FutureTask<>(server::terminate);
                Thread.startVirtualThread(leaving);
                assertTurnsOthersAway(server);
                byte[] rest = reading.readAllBytes();
                assertThat(begun).isEqualTo(Arrays.copyOf(body, begun.length));
                assertThat(rest).isEqualTo(Arrays.copyOfRange(body, begun.length, body.length));
                assertThat(leaving.get()).isIn(0, 143);
            }
        }
    }

    /** While one request is under way, and from some moment soon on. */
    private static void assertTurnsOthersAway(ServerProcess server) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (server.isReady() || takesARequest(server)) {
            assertThat(System.nanoTime()).as("it goes on as if nothing was").isLessThan(end);
            Thread.sleep(20);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(takesARequest(server)).as("it takes others again").isFalse();
            assertThat(server.health().status("serving")).isEqualTo("DOWN");
        }
        assertThat(server.metrics().value("lilio_requests_under_way"))
                .as("the reader is still served")
                .isEqualTo(1);
        assertThat(server.isAlive()).isTrue();
    }

    private static boolean takesARequest(ServerProcess server) {
        try (S3Client late = Clients.withoutRetries(server.endpoint())) {
            late.listBuckets();
            return true;
        } catch (S3Exception refused) {
            assertThat(refused.statusCode()).isEqualTo(503);
            return false;
        } catch (SdkException refused) {
            return false; // the connection
        }
    }

    private Path storeSomethingAndStop(int bytes) throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        try (ServerProcess server = ServerProcess.start(data, Map.of());
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            put(s3, new byte[bytes]);
            assertThat(server.terminate()).isIn(0, 143);
        }
        return data;
    }

    private static void put(S3Client s3, byte[] body) {
        s3.createBucket(b -> b.bucket("begin"));
        s3.putObject(b -> b.bucket("begin").key("k"), RequestBody.fromBytes(body));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
