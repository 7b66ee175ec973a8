package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.operation.Patience;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Clients that take an answer slowly, or not at all, over a socket with a small window. */
class SlowClientIT {

    /** What a client may go without taking a byte. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final Duration VALID = Duration.ofMinutes(10);

    /** Far more than the kernel keeps for a connection. */
    private static final int OBJECT_BYTES = 40 << 20;

    /** More than there are buffers for, if each held a few chunks. */
    private static final int MANY = 90;

    private static final byte[] body = Payload.random(new Random(9), OBJECT_BYTES);

    /** One for each limit, with the object in it. */
    private static final Map<Duration, ServerProcess> servers = new HashMap<>();

    @TempDir static Path directory;
    private ServerProcess server;
    private URL url;

    private void start(Duration limit) throws Exception {
        if (!servers.containsKey(limit)) {
            servers.put(limit, begin(limit));
        }
        server = servers.get(limit);
        Patience.await(() -> underWay() == 0);
        GetObjectRequest get = GetObjectRequest.builder().bucket("slow").key("k").build();
        url =
                presigned(
                        presigner ->
                                presigner
                                        .presignGetObject(
                                                b ->
                                                        b.signatureDuration(VALID)
                                                                .getObjectRequest(get))
                                        .url());
    }

    private static ServerProcess begin(Duration limit) throws Exception {
        String seconds = limit.toSeconds() + "s";
        ServerProcess begun =
                ServerProcess.start(
                        directory.resolve(seconds), Map.of("LILIO_S3_WRITE_TIMEOUT", seconds));
        try (S3Client s3 = Clients.withoutRetries(begun.endpoint())) {
            s3.createBucket(b -> b.bucket("slow"));
            s3.putObject(b -> b.bucket("slow").key("k"), RequestBody.fromBytes(body));
        }
        return begun;
    }

    private URL presigned(Function<S3Presigner, URL> request) {
        try (S3Presigner presigner =
                S3Presigner.builder()
                        .endpointOverride(server.endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(Clients.credentials())
                        .serviceConfiguration(
                                S3Configuration.builder().pathStyleAccessEnabled(true).build())
                        .build()) {
            return request.apply(presigner);
        }
    }

    @AfterAll
    static void stop() {
        servers.values().forEach(ServerProcess::close);
        servers.clear();
    }

    @Test
    void whoGoesOnTakingIsServedForSeveralTimesTheLimit() throws Exception {
        start(LIMIT);
        MessageDigest seen = MessageDigest.getInstance("SHA-256");
        long read = 0;
        try (Socket socket = ask()) {
            InputStream answer = new BufferedInputStream(socket.getInputStream(), 1 << 14);
            skipHeaders(answer);
            long slowUntil = System.nanoTime() + 4 * LIMIT.toNanos();
            byte[] piece = new byte[100_000];
            while (read < OBJECT_BYTES) {
                int n = answer.read(piece);
                assertThat(n).as("after %d bytes", read).isPositive();
                seen.update(piece, 0, n);
                read += n;
                if (System.nanoTime() < slowUntil) {
                    assertThat(read).as("taken while slow").isLessThan(OBJECT_BYTES / 2);
                    Thread.sleep(n / 1_000); // a megabyte a second
                }
            }
        }
        assertThat(seen.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(body));
    }

    @Test
    void whoTakesNothingIsGivenUpAndHoldsNothing() throws Exception {
        start(LIMIT);
        try (Socket socket = ask()) {
            InputStream answer = new BufferedInputStream(socket.getInputStream(), 1 << 14);
            skipHeaders(answer);
            assertThat(underWay()).isOne();
            Patience.await(() -> underWay() == 0);
            assertThat(underWay()).isZero();
            Patience.await(() -> metric("lilio_buffers_in_use_bytes") == 0);
            assertThat(metric("lilio_buffers_in_use_bytes")).isZero();
            assertThat(bytesToTheEnd(answer)).isLessThan(OBJECT_BYTES);
        }
        assertThat(server.isReady()).isTrue();
    }

    /** Each of them is given what the network takes, and holds what waits for it. */
    @Test
    void manyWhoTakeNothingKeepNobodyFromReading() throws Exception {
        start(Duration.ofMinutes(5));
        try (Sockets stuck = new Sockets();
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            byte[] small = Payload.random(new Random(3), 100_000);
            s3.putObject(b -> b.bucket("slow").key("small"), RequestBody.fromBytes(small));
            for (int i = 0; i < MANY; i++) {
                stuck.add(ask());
            }
            Patience.await(() -> underWay() == MANY);
            assertThat(underWay()).isEqualTo(MANY);
            for (int i = 0; i < 10; i++) {
                assertThat(s3.getObjectAsBytes(b -> b.bucket("slow").key("small")).asByteArray())
                        .isEqualTo(small);
            }
        }
    }

    @Test
    void manyWhoseUploadsStallKeepNobodyFromReadingAndWriting() throws Exception {
        start(LIMIT);
        try (Sockets stuck = new Sockets();
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            for (int i = 0; i < MANY; i++) {
                stuck.add(beginUpload("stalled" + i));
            }
            Patience.await(() -> underWay() == MANY);
            assertThat(underWay()).isEqualTo(MANY);
            byte[] small = Payload.random(new Random(3), 100_000);
            for (int i = 0; i < 10; i++) {
                s3.putObject(b -> b.bucket("slow").key("small"), RequestBody.fromBytes(small));
                assertThat(s3.getObjectAsBytes(b -> b.bucket("slow").key("small")).asByteArray())
                        .isEqualTo(small);
            }
        }
    }

    /** Announces two megabytes and sends a hundredth of them. */
    private Socket beginUpload(String key) throws IOException {
        PutObjectRequest put = PutObjectRequest.builder().bucket("slow").key(key).build();
        URL to =
                presigned(
                        presigner ->
                                presigner
                                        .presignPutObject(
                                                b ->
                                                        b.signatureDuration(VALID)
                                                                .putObjectRequest(put))
                                        .url());
        Socket socket = send("PUT", to, "Content-Length: 2000000\r\n");
        socket.getOutputStream().write(new byte[20_000]);
        return socket;
    }

    private Socket ask() throws IOException {
        return send("GET", url, "");
    }

    private static Socket send(String method, URL to, String header) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1 << 16);
        socket.setSoTimeout(60_000);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), to.getPort()), 10_000);
        String head =
                "%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n"
                        .formatted(method, to.getFile(), to.getAuthority(), header);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void skipHeaders(InputStream answer) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = answer.read();
            assertThat(next).as("the answer so far: %s", head).isNotNegative();
            head.append((char) next);
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 200 ").contains("" + OBJECT_BYTES);
    }

    private static long bytesToTheEnd(InputStream answer) throws IOException {
        long bytes = 0;
        byte[] piece = new byte[1 << 16];
        try {
            for (int n = answer.read(piece); n >= 0; n = answer.read(piece)) {
                bytes += n;
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return bytes;
    }

    private double underWay() {
        return metric("lilio_requests_under_way");
    }

    private double metric(String name) {
        try {
            return server.metrics().value(name);
        } catch (IOException e) {
            throw new AssertionError(server.lastLog(), e);
        }
    }

    /** Connections that are left as they are until the end. */
    private static final class Sockets implements AutoCloseable {
        private final List<Socket> sockets = new ArrayList<>();

        void add(Socket socket) {
            sockets.add(socket);
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
