package io.lilio.bench.http;

import io.lilio.bench.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * How much memory the real server needs: peak resident memory for objects of growing size, under
 * many clients, when idle, and how soon it is ready.
 */
public final class MemoryBenchmark {

    private static final int BLOCK = 1_000_000;
    private static final long PART = 2_000_000_000L;
    private static final String IDLE = "idle, 5 s after the start";
    private static final String MANY_CLIENTS =
            "peak under 64 clients: PUT of 1 KiB, 1 MiB and 10 MiB, then GET";

    /** Resident memory of a peer, of FIGURES.md. */
    private record Peer(double mebibytes, String name) {}

    private static final Map<String, Peer> PEERS =
            Map.of(IDLE, new Peer(15, "Garage"), MANY_CLIENTS, new Peer(127, "Lilio in Go"));

    private final Path repository;
    private final int rounds;
    private final boolean full;

    /**
     * @param rounds starts that are timed, and servers that are loaded
     * @param full whether the 10 GB object is part of it
     */
    public MemoryBenchmark(Path repository, int rounds, boolean full) {
        this.repository = repository;
        this.rounds = rounds;
        this.full = full;
    }

    /** Measures and writes the section. */
    public void run(Report report) throws IOException, InterruptedException {
        report.section(
                "Memory and start",
                "make bench ONLY=memory",
                """
                Resident memory of the server process as the kernel counts it (VmHWM, set back before each line), heap, \
                direct buffers, RocksDB and code together. Growing objects and many clients each have \
                a new server in every run.\
                """);
        double[] starts = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            try (ServerUnderTest server = ServerUnderTest.start(repository, Map.of())) {
                starts[i] = server.startSeconds();
            }
        }
        Arrays.sort(starts);
        report.table(List.of("what", "figure", "goal", "best peer", "ratio"));
        report.row("start to ready", "%.2f s".formatted(starts[rounds / 2]), "2 s", "", "");
        Map<String, List<Double>> peaks = new LinkedHashMap<>();
        for (int i = 0; i < rounds; i++) {
            runOnce(peaks);
        }
        peaks.forEach((what, each) -> report(report, what, median(each)));
    }

    private static void report(Report report, String what, double median) {
        Peer peer = PEERS.get(what);
        report.row(
                what,
                mebibytes(median),
                goal(what),
                peer == null ? "" : "%s (%s)".formatted(mebibytes(peer.mebibytes()), peer.name()),
                peer == null ? "" : String.format(Locale.ROOT, "%.1f", median / peer.mebibytes()));
    }

    private static double median(List<Double> figures) {
        return figures.stream().sorted().skip(figures.size() / 2).findFirst().orElseThrow();
    }

    private static String goal(String what) {
        return what.equals(IDLE)
                ? "250 MiB"
                : what.equals(MANY_CLIENTS) ? "512 MiB" : "flat within 64 MiB";
    }

    /** All figures once. Pages that a server has touched stay with it, so each part has its own. */
    private void runOnce(Map<String, List<Double>> peaks) throws IOException, InterruptedException {
        try (ServerUnderTest server = ServerUnderTest.start(repository, Map.of())) {
            Thread.sleep(5_000);
            add(peaks, IDLE, server.residentMebibytes());
            growingObjects(peaks, server, withBucket(server));
        }
        try (ServerUnderTest server = ServerUnderTest.start(repository, Map.of())) {
            manyClients(peaks, server, new HttpWorkloads(withBucket(server)));
        }
    }

    private static RequestSigner withBucket(ServerUnderTest server) throws IOException {
        RequestSigner signer =
                new RequestSigner(
                        server.endpoint(), ServerUnderTest.ACCESS_KEY, ServerUnderTest.SECRET_KEY);
        try (KeptAliveConnection connection = new KeptAliveConnection(server.endpoint())) {
            new HttpWorkloads(signer).createBucket(connection);
        }
        return signer;
    }

    private static void add(Map<String, List<Double>> peaks, String what, double mebibytes) {
        peaks.computeIfAbsent(what, w -> new ArrayList<>()).add(mebibytes);
    }

    private static void manyClients(
            Map<String, List<Double>> peaks, ServerUnderTest server, HttpWorkloads workloads)
            throws IOException, InterruptedException {
        LoadGenerator load = new LoadGenerator(server);
        server.resetPeak();
        load.run(workloads.put(1 << 10, 64, 20_000));
        load.run(workloads.put(1 << 20, 64, 1_500));
        load.run(workloads.put(10 << 20, 64, 192));
        load.run(workloads.get(1 << 20, 64, 6_000));
        load.run(workloads.get(10 << 20, 64, 640));
        add(peaks, MANY_CLIENTS, server.peakMebibytes());
    }

    private void growingObjects(
            Map<String, List<Double>> peaks, ServerUnderTest server, RequestSigner signer)
            throws IOException {
        long[] sizes = {10_000_000L, 100_000_000L, 1_000_000_000L, 10_000_000_000L};
        for (long size : sizes) {
            if (size > PART && !full) {
                continue;
            }
            String name = size / 1_000_000 + " MB";
            try (KeptAliveConnection connection = new KeptAliveConnection(server.endpoint())) {
                server.resetPeak();
                put(connection, signer, "/bench/memory-" + size, size);
                add(peaks, "peak while PUT of " + name, server.peakMebibytes());
                server.resetPeak();
                ok(
                        connection.exchange(
                                signer.sign(
                                        SdkHttpMethod.GET,
                                        "/bench/memory-" + size,
                                        "",
                                        ByteBuffer.allocate(0))));
                add(peaks, "peak while GET of " + name, server.peakMebibytes());
            }
        }
    }

    private static void put(
            KeptAliveConnection connection, RequestSigner signer, String path, long size)
            throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        if (size <= PART) {
            ok(
                    connection.exchange(
                            signer.sign(
                                    SdkHttpMethod.PUT,
                                    path,
                                    "",
                                    block,
                                    Math.toIntExact(size / BLOCK))));
            return;
        }
        String upload =
                find(
                        connection.exchangeKeepingBody(
                                signer.sign(
                                        SdkHttpMethod.POST,
                                        path,
                                        "uploads",
                                        ByteBuffer.allocate(0))),
                        "<UploadId>([^<]+)</UploadId>");
        List<String> parts = new ArrayList<>();
        for (int number = 1; (number - 1) * PART < size; number++) {
            KeptAliveConnection.Answer answer =
                    connection.exchange(
                            signer.sign(
                                    SdkHttpMethod.PUT,
                                    path,
                                    "partNumber=" + number + "&uploadId=" + upload,
                                    block,
                                    Math.toIntExact(PART / BLOCK)));
            ok(answer);
            parts.add(
                    "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>"
                            .formatted(number, find(answer.head(), "(?i)\r\netag: *(\\S+)\r")));
        }
        String complete =
                "<CompleteMultipartUpload>" + String.join("", parts) + "</CompleteMultipartUpload>";
        ok(
                connection.exchange(
                        signer.sign(
                                SdkHttpMethod.POST,
                                path,
                                "uploadId=" + upload,
                                ByteBuffer.wrap(complete.getBytes(StandardCharsets.UTF_8)))));
    }

    private static void ok(KeptAliveConnection.Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new IOException(answer.head());
        }
    }

    private static String find(String text, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IOException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private static String mebibytes(double value) {
        return String.format(Locale.ROOT, "%.0f MiB", value);
    }
}
