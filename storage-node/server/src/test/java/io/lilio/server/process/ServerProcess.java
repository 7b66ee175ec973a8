package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.faults.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged storage node as a process of its own, started by the script that {@code make run}
 * uses. It can be killed and started again on the same data. Not thread-safe.
 */
public final class ServerProcess implements AutoCloseable {

    public static final String ACCESS_KEY = "PROCESSTESTS";
    public static final String SECRET_KEY = "process/tests+secret";

    /** Of every ring that is founded in tests, unless a test says otherwise. */
    static final int PARTITIONS =
            Integer.parseInt(System.getenv().getOrDefault("LILIO_RING_PARTITIONS", "4096"));

    private static final Duration READY_WITHIN = Duration.ofMinutes(4);

    private final Path data;
    private final Path log;
    private final Map<String, String> settings;
    private final int port = LoopbackPorts.next();
    private final int adminPort = LoopbackPorts.next();
    private final int managementPort = LoopbackPorts.next();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private Process process;
    private Path build = repository();

    private ServerProcess(Path data, Map<String, String> settings, Process none) {
        this.data = data;
        this.log = data.resolveSibling(data.getFileName() + ".log");
        this.settings = settings;
        this.process = none;
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param settings environment variables beside those that the fixture needs; one that is empty
     *     is not set at all
     */
    public static ServerProcess start(Path data, Map<String, String> settings)
            throws IOException, InterruptedException {
        ServerProcess server = begin(data, settings);
        server.awaitReady();
        return server;
    }

    /** Begins to start a server. */
    static ServerProcess begin(Path data, Map<String, String> settings)
            throws IOException, InterruptedException {
        return begin(repository(), data, settings);
    }

    /**
     * Begins to start the server of another checkout.
     *
     * @param build its root
     */
    static ServerProcess begin(Path build, Path data, Map<String, String> settings)
            throws IOException, InterruptedException {
        ServerProcess server =
                new ServerProcess(data, settings, new ProcessBuilder("true").start());
        server.build = build;
        server.process = server.command(server.log).start();
        return server;
    }

    /** A start that came to nothing. */
    public record Refused(int exitCode, String output) {

        /** Fails unless it said in one sentence, which mentions all this, why. */
        void saying(String... mentioned) {
            assertThat(output.lines())
                    .as("one sentence in\n%s", output)
                    .filteredOn(line -> line.startsWith("Lilio does not start: "))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains(mentioned).endsWith("."));
            assertThat(output).doesNotContain("\tat ");
            assertThat(exitCode).isEqualTo(1);
        }
    }

    /** Starts a server that is expected to refuse, and waits for its end. */
    public static Refused startInVain(Path data, Map<String, String> settings)
            throws IOException, InterruptedException {
        Path output = data.resolveSibling("refused.log");
        Files.deleteIfExists(output);
        try (ServerProcess server =
                new ServerProcess(data, settings, new ProcessBuilder("true").start())) {
            server.process = server.command(output).start();
            long deadline = System.nanoTime() + READY_WITHIN.toNanos();
            while (!server.process.waitFor(50, TimeUnit.MILLISECONDS)) {
                boolean goesOn = Files.readString(output).contains("Lilio is ready");
                if (goesOn || System.nanoTime() > deadline) {
                    throw new AssertionError("the server goes on:\n" + Files.readString(output));
                }
            }
            return new Refused(server.process.exitValue(), Files.readString(output));
        }
    }

    /** Starts the process again on the same data and ports, and waits until it is ready. */
    public void startAgain() throws IOException, InterruptedException {
        startAgain(Map.of());
    }

    /** The same, with other environment variables besides. */
    void startAgain(Map<String, String> more) throws IOException, InterruptedException {
        process.waitFor();
        ProcessBuilder again = command(log);
        again.environment().putAll(more);
        process = again.start();
        awaitReady();
    }

    /** Starts it again from another checkout. */
    void startAgainAs(Path checkout) throws IOException, InterruptedException {
        build = checkout;
        startAgain();
    }

    /** With which it was started. */
    String commandLine() throws IOException {
        return Files.readString(Path.of("/proc/" + pid() + "/cmdline"));
    }

    void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the server did not start:\n" + lastLog());
            }
            Thread.sleep(50);
        }
    }

    private ProcessBuilder command(Path output) {
        Map<String, String> environment = new HashMap<>();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("LILIO_DATA_DIR", data.toString());
        environment.put("LILIO_S3_PORT", String.valueOf(port));
        environment.put("LILIO_ADMIN_PORT", String.valueOf(adminPort));
        environment.put("LILIO_MANAGEMENT_PORT", String.valueOf(managementPort));
        environment.put("LILIO_ROOT_ACCESS_KEY", ACCESS_KEY);
        environment.put("LILIO_ROOT_SECRET_KEY", SECRET_KEY);
        environment.putAll(settings);
        ProcessBuilder builder =
                new ProcessBuilder(build.resolve("scripts/lilio-server").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        environment.forEach(
                (name, value) -> {
                    if (value.isEmpty()) {
                        builder.environment().remove(name);
                    }
                });
        return builder;
    }

    public boolean isReady() {
        try {
            return management("/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** What the server exports on /q/metrics. */
    public String scrape() throws IOException {
        return management("/q/metrics").body();
    }

    Metrics metrics() throws IOException {
        return new Metrics(scrape());
    }

    /** The health document, whatever its status. */
    Health health() throws IOException {
        return Health.parse(management("/q/health").body());
    }

    private HttpResponse<String> management(String path) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                        .timeout(Duration.ofSeconds(10))
                        .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where its admin API is. */
    public URI admin() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    public Path data() {
        return data;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: nothing is flushed, nobody is told. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: it holds its connections and answers nothing. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String which) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + which, String.valueOf(pid())).start().waitFor();
    }

    /** SIGTERM, as an orchestrator would; returns the exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "the server did not end within 60 s of SIGTERM:\n" + lastLog());
        }
        return process.exitValue();
    }

    /** All that it has printed so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** All that it has printed, once that holds a text: it is ready a moment before it says so. */
    String logWith(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!log().contains(text)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("\"" + text + "\" is not in\n" + lastLog());
            }
            Thread.sleep(20);
        }
        return log();
    }

    /** The last lines of the server's log, for messages. */
    public String lastLog() {
        try {
            String all = Files.exists(log) ? Files.readString(log) : "";
            return all.substring(Math.max(0, all.length() - 6000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        http.close();
    }

    /** The checkout: the nearest directory above that has the start script. */
    static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("scripts/lilio-server"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("not inside a checkout");
            }
        }
        return directory;
    }
}
