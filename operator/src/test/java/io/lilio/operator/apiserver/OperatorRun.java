package io.lilio.operator.apiserver;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator that was built, as a process of its own. Thread-safe. */
final class OperatorRun implements AutoCloseable {

    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    /**
     * Starts it.
     *
     * @param environment besides that of this process
     * @param log where it writes, anew
     */
    OperatorRun(Map<String, String> environment, Path log) {
        this.log = log;
        this.port = freePort();
        Map<String, String> all = new HashMap<>(environment);
        all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        ProcessBuilder builder =
                new ProcessBuilder(Chart.repository().resolve("scripts/lilio-operator").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(all);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitReady() {
        Await.until(
                "the operator is ready, see " + log,
                Duration.ofMinutes(2),
                () -> isReady() ? "" : "it is not");
    }

    boolean isReady() {
        return get("/q/health/ready").startsWith("200 ");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Of the process; empty while it lives. */
    OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Whether it says that it is to be started again. */
    boolean isSick() {
        return get("/q/health/live").startsWith("503 ");
    }

    boolean leads() {
        return metrics().contains("lilio_operator_leader 1.0")
                || metrics().matches("(?s).*lilio_operator_leader\\{[^}]*} 1\\.0.*");
    }

    String metrics() {
        return get("/q/metrics");
    }

    /** Status and body; what went wrong when there was no answer. */
    private String get(String path) {
        try {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:%d%s".formatted(port, path)))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return "none " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Memory that it has now, in bytes. */
    long residentBytes() {
        try {
            Matcher line =
                    RESIDENT.matcher(
                            Files.readString(Path.of("/proc/" + process.pid() + "/status")));
            if (!line.find()) {
                throw new AssertionError("the process has ended");
            }
            return Long.parseLong(line.group(1)) * 1024;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Time of processors that it has taken since its start. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** As when its machine hangs; until {@link #thaw}. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new AssertionError("signal " + name + " did not reach the operator");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** It is told to end, as Kubernetes tells a pod. */
    void terminate() {
        process.destroy();
    }

    /** It is gone, in the middle of whatever it does. */
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
        http.close();
    }
}
