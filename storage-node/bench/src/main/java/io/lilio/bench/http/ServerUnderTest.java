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
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The packaged server as a process of its own on empty data, started as {@code make run} starts it.
 */
final class ServerUnderTest implements AutoCloseable {

    static final String ACCESS_KEY = "BENCHMARK";
    static final String SECRET_KEY = "benchmark-secret";

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Path data;
    private final Process process;
    private final URI endpoint;
    private final double startSeconds;

    private ServerUnderTest(Path data, Process process, URI endpoint, double startSeconds) {
        this.data = data;
        this.process = process;
        this.endpoint = endpoint;
        this.startSeconds = startSeconds;
    }

    /**
     * Starts a server on a new directory and waits until it is ready.
     *
     * @param settings environment variables beside those needed here
     */
    static ServerUnderTest start(Path repository, Map<String, String> settings)
            throws IOException, InterruptedException {
        Path parent = Files.createDirectories(repository.resolve("bench-data"));
        Path data = Files.createTempDirectory(parent, "http");
        int port = freePort();
        int managementPort = freePort();
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("LILIO_DATA_DIR", data.toString());
        environment.put("LILIO_S3_PORT", String.valueOf(port));
        environment.put("LILIO_ADMIN_PORT", String.valueOf(freePort()));
        environment.put("LILIO_MANAGEMENT_PORT", String.valueOf(managementPort));
        environment.put("LILIO_ROOT_ACCESS_KEY", ACCESS_KEY);
        environment.put("LILIO_ROOT_SECRET_KEY", SECRET_KEY);
        ProcessBuilder builder =
                new ProcessBuilder(repository.resolve("scripts/lilio-server").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(data.resolveSibling(data.getFileName() + ".log").toFile());
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        Process process = builder.start();
        // A benchmark that is broken off leaves no server behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        URI ready = URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready");
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!answersOk(http, ready)) {
                if (!process.isAlive() || System.nanoTime() - begin > READY_WITHIN.toNanos()) {
                    throw new IOException("the server did not start; see the log beside " + data);
                }
                Thread.sleep(10);
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new ServerUnderTest(data, process, URI.create("http://127.0.0.1:" + port), seconds);
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

    URI endpoint() {
        return endpoint;
    }

    /** From the start of the process to its first "ready". */
    double startSeconds() {
        return startSeconds;
    }

    /** CPU time that the process has used, from /proc (clock ticks of 10 ms). */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
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
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
