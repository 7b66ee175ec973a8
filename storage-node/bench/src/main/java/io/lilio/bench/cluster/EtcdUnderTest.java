package io.lilio.bench.cluster;

import io.lilio.bench.http.ProcessCpu;
import io.lilio.bench.http.ScratchDirectory;
import io.lilio.bench.http.ServerUnderTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An etcd of one member as a process of its own on empty data, durable as it is by default. It is
 * asked through its own HTTP gateway.
 */
final class EtcdUnderTest implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final ScratchDirectory data;
    private final Process process;
    private final URI endpoint;
    private final HttpClient http = HttpClient.newHttpClient();

    private EtcdUnderTest(ScratchDirectory data, Process process, URI endpoint) {
        this.data = data;
        this.process = process;
        this.endpoint = endpoint;
    }

    /** Starts the etcd that {@code scripts/find-etcd} finds, and waits until it answers. */
    static EtcdUnderTest start(Path repository) throws IOException, InterruptedException {
        ScratchDirectory data = ScratchDirectory.create(repository, "etcd");
        URI client = URI.create("http://127.0.0.1:" + ServerUnderTest.freePort());
        URI peer = URI.create("http://127.0.0.1:" + ServerUnderTest.freePort());
        Process process =
                new ProcessBuilder(
                                program(repository),
                                "--name=etcd",
                                "--data-dir=" + data.path(),
                                "--logger=zap",
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=etcd=" + peer,
                                "--quota-backend-bytes=8589934592",
                                "--auto-compaction-mode=periodic",
                                "--auto-compaction-retention=5m")
                        .redirectErrorStream(true)
                        .redirectOutput(data.log().toFile())
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        EtcdUnderTest etcd = new EtcdUnderTest(data, process, client);
        long begin = System.nanoTime();
        while (!etcd.answers()) {
            if (!process.isAlive() || System.nanoTime() - begin > READY_WITHIN.toNanos()) {
                throw new IOException("etcd did not start; see " + data.log());
            }
            Thread.sleep(10);
        }
        return etcd;
    }

    private static String program(Path repository) throws IOException {
        String script = repository.resolve("scripts/find-etcd").toString();
        return output("sh", script);
    }

    /** Of the etcd that is found, such as "3.6.0". */
    static String version(Path repository) throws IOException {
        String told = output(program(repository), "--version");
        return told.lines().findFirst().orElse("").replace("etcd Version: ", "");
    }

    private static String output(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String text =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new IOException(String.join(" ", command) + " said nothing");
        }
        return text;
    }

    /** As nodes are told it. */
    String endpoint() {
        return endpoint.getAuthority();
    }

    double cpuSeconds() throws IOException {
        return ProcessCpu.seconds(process.pid());
    }

    /**
     * What its data take when all history has been forgotten: what is at rest.
     *
     * <p>Compaction goes on behind its answer, in batches, so this waits until nothing more comes
     * free.
     */
    long bytesAtRest() throws IOException, InterruptedException {
        long revision = number(call("/v3/maintenance/status", "{}"), "revision");
        call("/v3/kv/compaction", "{\"revision\":\"" + revision + "\",\"physical\":true}");
        call("/v3/maintenance/defragment", "{}");
        long before = Long.MAX_VALUE;
        long now = inUse();
        while (now < before) {
            before = now;
            Thread.sleep(500);
            now = inUse();
        }
        return now;
    }

    private long inUse() throws IOException, InterruptedException {
        return number(call("/v3/maintenance/status", "{}"), "dbSizeInUse");
    }

    /** One of its own figures, as it shows them to Prometheus; the sum over all labels. */
    double metric(String name) throws IOException, InterruptedException {
        String all =
                http.send(
                                HttpRequest.newBuilder(endpoint.resolve("/metrics")).build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        return all.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private boolean answers() throws InterruptedException {
        try {
            call("/v3/maintenance/status", "{}");
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String call(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(endpoint.resolve(path))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode() + answer.body());
        }
        return answer.body();
    }

    private static long number(String json, String field) throws IOException {
        Matcher found = Pattern.compile("\"" + field + "\":\"(\\d+)\"").matcher(json);
        if (!found.find()) {
            throw new IOException("no " + field + " in " + json);
        }
        return Long.parseLong(found.group(1));
    }

    @Override
    public void close() throws IOException {
        http.close();
        process.destroy();
        process.onExit().join();
        data.close();
    }
}
