package io.lilio.bench.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The packaged server as a process of its own on empty data, started as {@code make run} starts it.
 */
public final class ServerUnderTest implements Target, AutoCloseable {

    public static final String ACCESS_KEY = "BENCHMARK";
    public static final String SECRET_KEY = "benchmark-secret";

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final ScratchDirectory data;
    private final Process process;
    private final URI endpoint;
    private final URI admin;
    private final URI ready;
    private final long begun;
    private double startSeconds;

    private ServerUnderTest(Path repository, Map<String, String> settings) throws IOException {
        data = ScratchDirectory.create(repository, "http");
        endpoint = URI.create("http://127.0.0.1:" + freePort());
        admin = URI.create("http://127.0.0.1:" + freePort());
        int managementPort = freePort();
        ready = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("LILIO_DATA_DIR", data.path().toString());
        environment.put("LILIO_S3_PORT", String.valueOf(endpoint.getPort()));
        environment.put("LILIO_ADMIN_PORT", String.valueOf(admin.getPort()));
        environment.put("LILIO_MANAGEMENT_PORT", String.valueOf(managementPort));
        environment.put("LILIO_ROOT_ACCESS_KEY", ACCESS_KEY);
        environment.put("LILIO_ROOT_SECRET_KEY", SECRET_KEY);
        ProcessBuilder builder =
                new ProcessBuilder(repository.resolve("scripts/lilio-server").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(data.log().toFile());
        builder.environment().putAll(environment);
        begun = System.nanoTime();
        process = builder.start();
        // A benchmark that is broken off leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /**
     * Starts a server on a new directory and waits until it is ready.
     *
     * @param settings environment variables beside those needed here
     */
    public static ServerUnderTest start(Path repository, Map<String, String> settings)
            throws IOException, InterruptedException {
        ServerUnderTest server = begin(repository, settings);
        server.awaitReady();
        return server;
    }

    /** Starts one without waiting: nodes that found a cluster wait for each other. */
    public static ServerUnderTest begin(Path repository, Map<String, String> settings)
            throws IOException {
        return new ServerUnderTest(repository, settings);
    }

    /** Waits until it is ready. */
    public void awaitReady() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!answersOk(http, ready)) {
                if (!process.isAlive() || System.nanoTime() - begun > READY_WITHIN.toNanos()) {
                    throw new IOException("the server did not start; see " + data.log());
                }
                Thread.sleep(10);
            }
        }
        startSeconds = (System.nanoTime() - begun) / 1e9;
    }

    private static boolean answersOk(HttpClient http, URI uri) throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(uri).build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    /** Its S3 port. */
    public URI endpoint() {
        return endpoint;
    }

    /** Its admin port. */
    public URI admin() {
        return admin;
    }

    @Override
    public List<URI> endpoints() {
        return List.of(endpoint);
    }

    /** From the start of the process to its first "ready". */
    double startSeconds() {
        return startSeconds;
    }

    @Override
    public double cpuSeconds() throws IOException {
        return ProcessCpu.seconds(process.pid());
    }

    /**
     * Forgets the peak of resident memory, so that {@link #peakMebibytes} tells that of what
     * follows.
     */
    void resetPeak() throws IOException {
        Files.writeString(Path.of("/proc/" + process.pid() + "/clear_refs"), "5");
    }

    double peakMebibytes() throws IOException {
        return statusMebibytes("VmHWM:");
    }

    double residentMebibytes() throws IOException {
        return statusMebibytes("VmRSS:");
    }

    private double statusMebibytes(String field) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(field))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElseThrow()
                    / 1024.0;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        data.close();
    }

    /** A port that nobody listens on now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
