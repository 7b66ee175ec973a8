package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Clients that put, read, replace and delete objects of all sizes, and know of each what it has to
 * be. Each sends what did not succeed once more, as the SDK does it, and no more than that; what
 * fails then is a failure of the test unless {@link #mayFail} was said. That what several clients
 * do to one key is linearizable is what the storage node's own tests show.
 */
final class Load implements AutoCloseable {

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);

    /** The time-out of clients: an answer that takes longer is none. */
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    /** Failures that are kept as words; more of them say nothing new. */
    private static final int MOST_FAILURES = 20;

    /**
     * How much there is to do.
     *
     * @param clients threads
     * @param objects of each client
     * @param pause of each client after each request, so that the machine is left to the others
     */
    record Size(int clients, int objects, Duration pause) {

        /** Eight clients, 2,000 objects. */
        static final Size FULL = new Size(8, 250, Duration.ofMillis(100));

        /** So little that nothing waits for it: where the load is not what is looked at. */
        static final Size LITTLE = new Size(4, 50, Duration.ofMillis(250));
    }

    private final S3Client s3;
    private final Size size;
    private final List<LoadClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong excused = new AtomicLong();
    private volatile long lastExcusedNanos;
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Boolean> begunExcused = ThreadLocal.withInitial(() -> false);
    private volatile boolean excusing;

    private Load(S3Client s3, String bucket, Size size, long seed) {
        this.s3 = s3;
        this.size = size;
        LoadClient.Troubles troubles = new Noted();
        for (int i = 0; i < size.clients(); i++) {
            clients.add(
                    new LoadClient(
                            s3,
                            bucket,
                            "client-" + i,
                            size.objects(),
                            new Random(seed * 1000 + i),
                            troubles));
        }
    }

    private final class Noted implements LoadClient.Troubles {

        @Override
        public void failed(String what, SdkException e) {
            if (excusing || begunExcused.get()) {
                excused.incrementAndGet();
                lastExcusedNanos = System.nanoTime();
                Await.pause(AFTER_FAILURE);
            } else if (failures.incrementAndGet() <= MOST_FAILURES) {
                failed.add(what + ": " + e);
            }
        }

        @Override
        public void wrong(String what) {
            wrong.add(what);
        }
    }

    /** Makes a bucket with root's key, and all objects in it. */
    static Load fill(StoreCluster cluster, String bucket, Size size, long seed) {
        S3Client s3 = client(cluster.s3(), cluster.rootKey());
        s3.createBucket(b -> b.bucket(bucket));
        Load load = new Load(s3, bucket, size, seed);
        load.run(LoadClient::fill);
        load.await();
        load.assertNoFailure();
        return load;
    }

    /** A client that tries once more, and has connections for as many threads as there are here. */
    static S3Client client(URI endpoint, AwsCredentials credentials) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(
                        ApacheHttpClient.builder()
                                .maxConnections(64)
                                .connectionTimeout(CONNECT_WITHIN)
                                .socketTimeout(ANSWER_WITHIN))
                .overrideConfiguration(
                        o ->
                                o.retryStrategy(
                                        DefaultRetryStrategy.standardStrategyBuilder()
                                                .maxAttempts(2)
                                                .build()))
                .build();
    }

    /** Starts the clients, which go on until {@link #stop}. */
    Load start() {
        return start(LoadClient::step);
    }

    /**
     * The same for clients that read all objects, and write and delete only such as have no chunks:
     * what members hold stays as it is.
     */
    Load startBesideChunks() {
        return start(LoadClient::stepBesideChunks);
    }

    private Load start(Consumer<LoadClient> step) {
        stopping.set(false);
        run(
                client -> {
                    while (!stopping.get()) {
                        begunExcused.set(excusing);
                        step.accept(client);
                        operations.incrementAndGet();
                        Await.pause(size.pause());
                    }
                });
        return this;
    }

    private void run(Consumer<LoadClient> work) {
        for (LoadClient client : clients) {
            threads.add(Thread.ofPlatform().start(() -> guarded(client, work)));
        }
    }

    private void guarded(LoadClient client, Consumer<LoadClient> work) {
        try {
            work.accept(client);
        } catch (RuntimeException | Error e) {
            wrong.add("a client died: " + e);
            throw e;
        }
    }

    /** Ends the clients; each finishes what it is at. */
    void stop() {
        stopping.set(true);
        await();
    }

    private void await() {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        threads.clear();
    }

    /**
     * From now on requests may fail, or those that begin from now on may not. What is answered has
     * to be right always.
     */
    void mayFail(boolean now) {
        excusing = now;
    }

    /** Requests that failed while they might. */
    long excused() {
        return excused.get();
    }

    /** When the last of them failed, by {@link System#nanoTime}; 0 when none has. */
    long lastExcusedNanos() {
        return lastExcusedNanos;
    }

    /** What the clients have done so far. */
    long operations() {
        return operations.get();
    }

    /** Waits until clients have done so much more: they were not held up. */
    void awaitProgress(long more) {
        long enough = operations.get() + more;
        Await.until(
                "clients go on",
                PATIENCE,
                () -> {
                    long done = operations.get();
                    return done >= enough ? "" : "%d of %d requests".formatted(done, enough);
                });
    }

    /** No request failed that might not, and no answer was wrong. */
    void assertNoFailure() {
        assertThat(wrong).as("answers that are wrong").isEmpty();
        assertThat(failed).as("%d requests failed after a retry", failures.get()).isEmpty();
    }

    /** Ends the clients and reads every object: each is what was acknowledged, and none failed. */
    void assertNothingLost() {
        stop();
        mayFail(false);
        AtomicLong found = new AtomicLong();
        run(client -> found.addAndGet(client.readEverything()));
        await();
        assertNoFailure();
        assertThat(found.get())
                .as("objects that there are")
                .isGreaterThan((long) size.clients() * size.objects() / 2);
    }

    @Override
    public void close() {
        stop();
        s3.close();
    }
}
