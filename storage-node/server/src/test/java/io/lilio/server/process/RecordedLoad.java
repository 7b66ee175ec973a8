package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.history.Linearizability;
import io.lilio.server.history.Operation;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Clients that put, read, replace and delete objects of all sizes and write down what they saw. An
 * object's value is the SHA-256 of its bytes, and no two writes have the same bytes, so the history
 * of a key tells lost, mixed and stale objects alike.
 */
final class RecordedLoad implements AutoCloseable {

    /**
     * How clients behave.
     *
     * @param clients threads
     * @param keys keys of each client; with {@code shared} all clients use the same keys
     * @param largestBytes the largest body of a single PUT
     * @param multipart whether some objects go up in parts of 5 MiB
     */
    record Shape(int clients, int keys, boolean shared, int largestBytes, boolean multipart) {}

    private static final int[] SIZES = {
        0, 100, 3000, 4096, 4097, 20_000, 300_000, 1 << 20, 3_000_000
    };

    private final URI endpoint;
    private final String bucket;
    private final Shape shape;
    private final long seed;
    private final Map<String, List<Operation>> histories = new ConcurrentHashMap<>();
    private final List<String> surprises = new CopyOnWriteArrayList<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    RecordedLoad(URI endpoint, String bucket, Shape shape, long seed) {
        this.endpoint = endpoint;
        this.bucket = bucket;
        this.shape = shape;
        this.seed = seed;
    }

    void createBucket() {
        try (S3Client s3 = Clients.withoutRetries(endpoint)) {
            s3.createBucket(b -> b.bucket(bucket));
        }
    }

    /** Starts the clients; they go on until {@link #stop}. Can be started again. */
    void start() {
        stopping.set(false);
        for (int i = 0; i < shape.clients(); i++) {
            int client = i;
            long round = threads.size();
            threads.add(
                    Thread.ofPlatform()
                            .name("load-" + client)
                            .start(() -> work(client, new Random(seed * 1000 + round))));
        }
    }

    /** Ends the clients; each finishes the operation that it is at. */
    void stop() throws InterruptedException {
        stopping.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    long operations() {
        return done.get();
    }

    /** Operations that ended with anything but what the client asked for. */
    long failures() {
        return failed.get();
    }

    List<String> surprises() {
        return surprises;
    }

    private void work(int client, Random random) {
        try (S3Client s3 = Clients.withoutRetries(endpoint)) {
            while (!stopping.get()) {
                String key =
                        (shape.shared() ? "shared" : "client-" + client)
                                + "/"
                                + random.nextInt(shape.keys());
                step(s3, "client-" + client, key, random);
                done.incrementAndGet();
            }
        } catch (RuntimeException | Error e) {
            surprises.add("client " + client + " died: " + e);
            throw e;
        }
    }

    private void step(S3Client s3, String client, String key, Random random) {
        int kind = random.nextInt(100);
        if (kind < 40) {
            put(s3, client, key, random);
        } else if (kind < 45 && shape.multipart()) {
            multipart(s3, client, key, random);
        } else if (kind < 55) {
            delete(s3, client, key);
        } else if (kind < 65) {
            createIfAbsent(s3, client, key, random);
        } else {
            read(s3, client, key);
        }
    }

    private void put(S3Client s3, String client, String key, Random random) {
        byte[] body = body(random);
        record(
                client,
                key,
                new Operation.Write(sha256(body)),
                () -> {
                    s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromBytes(body));
                });
    }

    private void createIfAbsent(S3Client s3, String client, String key, Random random) {
        byte[] body = body(random);
        Operation.Effect written = new Operation.WriteIf(Operation.ABSENT, sha256(body));
        long call = System.nanoTime();
        try {
            s3.putObject(
                    b -> b.bucket(bucket).key(key).ifNoneMatch("*"), RequestBody.fromBytes(body));
            add(key, new Operation(client, call, System.nanoTime(), written));
        } catch (S3Exception e) {
            if (e.statusCode() == 412) {
                add(
                        key,
                        new Operation(
                                client,
                                call,
                                System.nanoTime(),
                                new Operation.RefusedIf(Operation.ABSENT)));
            } else {
                failedAt(client, key, call, written, e);
            }
        } catch (SdkException e) {
            failedAt(client, key, call, written, e);
        }
    }

    private void multipart(S3Client s3, String client, String key, Random random) {
        byte[] first = new byte[5 << 20];
        byte[] second = new byte[1 + random.nextInt(100_000)];
        random.nextBytes(first);
        random.nextBytes(second);
        byte[] whole = new byte[first.length + second.length];
        System.arraycopy(first, 0, whole, 0, first.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        Operation.Effect effect = new Operation.Write(sha256(whole));
        record(
                client,
                key,
                effect,
                () -> {
                    String upload =
                            s3.createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
                    List<CompletedPart> parts = new ArrayList<>();
                    int number = 0;
                    for (byte[] part : List.of(first, second)) {
                        int partNumber = ++number;
                        String etag =
                                s3.uploadPart(
                                                b ->
                                                        b.bucket(bucket)
                                                                .key(key)
                                                                .uploadId(upload)
                                                                .partNumber(partNumber),
                                                RequestBody.fromBytes(part))
                                        .eTag();
                        parts.add(
                                CompletedPart.builder().partNumber(partNumber).eTag(etag).build());
                    }
                    s3.completeMultipartUpload(
                            b ->
                                    b.bucket(bucket)
                                            .key(key)
                                            .uploadId(upload)
                                            .multipartUpload(m -> m.parts(parts)));
                });
    }

    private void delete(S3Client s3, String client, String key) {
        record(
                client,
                key,
                new Operation.Write(Operation.ABSENT),
                () -> {
                    s3.deleteObject(b -> b.bucket(bucket).key(key));
                });
    }

    private void record(String client, String key, Operation.Effect effect, Runnable request) {
        long call = System.nanoTime();
        try {
            request.run();
            add(key, new Operation(client, call, System.nanoTime(), effect));
        } catch (SdkException e) {
            failedAt(client, key, call, effect, e);
        }
    }

    /**
     * A write whose answer was an error or did not come: it may have happened, or may yet happen.
     */
    private void failedAt(
            String client, String key, long call, Operation.Effect effect, SdkException e) {
        add(key, new Operation(client, call, Operation.NEVER, effect));
        note(key, e);
    }

    /** Reads a key and adds what was seen to its history. */
    private void read(S3Client s3, String client, String key) {
        long call = System.nanoTime();
        try {
            byte[] body = s3.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asByteArray();
            add(
                    key,
                    new Operation(
                            client, call, System.nanoTime(), new Operation.Read(sha256(body))));
        } catch (S3Exception e) {
            if (e.statusCode() == 404) {
                add(
                        key,
                        new Operation(
                                client,
                                call,
                                System.nanoTime(),
                                new Operation.Read(Operation.ABSENT)));
            } else {
                note(key, e);
            }
        } catch (SdkException e) {
            note(key, e);
        }
    }

    private void note(String key, SdkException e) {
        failed.incrementAndGet();
        int status = e instanceof S3Exception s3 ? s3.statusCode() : 0;
        if (status != 0 && status != 503 || failed.get() <= 3) {
            surprises.add(key + ": " + e);
        }
    }

    /** Reads every key once more, now that all is quiet. */
    void readEverything() {
        try (S3Client s3 = Clients.withoutRetries(endpoint)) {
            for (String key : histories.keySet()) {
                read(s3, "final", key);
            }
        }
    }

    /**
     * Fails with the first key whose history has no explanation, a lost or mixed object among them.
     */
    void assertLinearizable() {
        assertThat(histories).as("the load did nothing").isNotEmpty();
        histories.forEach(
                (key, history) ->
                        assertThat(Linearizability.violation(key, List.copyOf(history)))
                                .as("seed %d", seed)
                                .isEmpty());
    }

    private void add(String key, Operation operation) {
        histories.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>()).add(operation);
    }

    private byte[] body(Random random) {
        int size = Math.min(SIZES[random.nextInt(SIZES.length)], shape.largestBytes());
        byte[] body = new byte[Math.max(16, size)];
        random.nextBytes(body);
        return body;
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body))
                    .substring(0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
