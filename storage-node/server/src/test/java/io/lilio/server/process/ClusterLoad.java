package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Clients of all nodes of a cluster, each of one node: some on objects of their own, some on the
 * same few keys, so that what one node acknowledges is looked for at the others at once. A node can
 * be in trouble, which its own clients may notice, and nobody else.
 */
final class ClusterLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final int objects;
    private final int some;
    private final RecordedLoad own;
    private final RecordedLoad shared;

    /**
     * How much there is to do.
     *
     * @param own clients with objects of their own
     * @param shared those on the same keys
     * @param pause of each client after an operation
     * @param some operations of the clients of a node that show that it is at work
     */
    record Size(RecordedLoad.Shape own, RecordedLoad.Shape shared, Duration pause, int some) {

        /**
         * Fourteen clients, and 2,000 objects. They rest for a moment after each request: who never
         * does, fills two cores with requests alone, and maintenance yields to them for ever.
         */
        static final Size FULL =
                new Size(
                        new RecordedLoad.Shape(8, 250, false, 1_500_000, true),
                        new RecordedLoad.Shape(6, 8, true, 300_000, true),
                        Duration.ofMillis(50),
                        20);

        /** Two clients for each of three nodes, which hardly keep them busy, and 60 objects. */
        static final Size LIGHT =
                new Size(
                        new RecordedLoad.Shape(3, 20, false, 1_500_000, true),
                        new RecordedLoad.Shape(3, 4, true, 300_000, true),
                        Duration.ofMillis(500),
                        4);

        private int objects() {
            return own.clients() * own.keys();
        }
    }

    private ClusterLoad(List<URI> endpoints, Size size, long seed) {
        objects = size.objects();
        some = size.some();
        own = new RecordedLoad(endpoints, "own", size.own(), seed);
        shared = new RecordedLoad(endpoints, "shared", size.shared(), seed + 1);
        own.pauseFor(size.pause());
        shared.pauseFor(size.pause());
    }

    /** The full size of it. */
    static ClusterLoad fill(List<URI> endpoints, long seed) throws InterruptedException {
        return fill(endpoints, Size.FULL, seed);
    }

    /** Makes the buckets and the objects, nearly all of them where a machine is very slow. */
    static ClusterLoad fill(List<URI> endpoints, Size size, long seed) throws InterruptedException {
        ClusterLoad load = new ClusterLoad(endpoints, size, seed);
        load.own.createBucket();
        load.shared.createBucket();
        endpoints.forEach(load.own::isInTrouble);
        load.own.fill();
        endpoints.forEach(load.own::isWell);
        assertThat(load.own.surprises()).isEmpty();
        assertThat(load.own.refused()).isLessThanOrEqualTo(Math.max(load.objects / 100, 5));
        return load;
    }

    void start() {
        own.start();
        shared.start();
    }

    void stop() throws InterruptedException {
        own.stop();
        shared.stop();
    }

    /** From now on clients of this node may be refused, or get no answer. */
    void isInTrouble(ServerProcess node) {
        own.isInTrouble(node.endpoint());
        shared.isInTrouble(node.endpoint());
    }

    /**
     * Waits until nodes take a write again, and nobody has a connection to the processes that they
     * were before; what their clients ask of them then has to succeed.
     */
    void awaitWell(ServerProcess... nodes) throws InterruptedException {
        for (ServerProcess node : nodes) {
            awaitServing(node);
        }
        Thread.sleep(Clients.IDLE_CONNECTIONS);
        for (ServerProcess node : nodes) {
            own.isWell(node.endpoint());
            shared.isWell(node.endpoint());
        }
    }

    /** Waits until a node takes a write. */
    void awaitServing(ServerProcess node) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (S3Client s3 = Clients.withoutRetries(node.endpoint())) {
            while (!takesAWrite(s3)) {
                assertThat(System.nanoTime()).as(node.lastLog()).isLessThan(deadline);
                Thread.sleep(200);
            }
        }
    }

    /** How long a node takes for an object of some bytes. */
    Duration timeOfAPut(ServerProcess node, int sizeBytes) {
        try (S3Client s3 = Clients.withoutRetries(node.endpoint())) {
            long began = System.nanoTime();
            put(s3, sizeBytes);
            return Duration.ofNanos(System.nanoTime() - began);
        } catch (SdkException e) {
            throw new AssertionError(node.lastLog(), e);
        }
    }

    private static void put(S3Client s3, int sizeBytes) {
        s3.putObject(b -> b.bucket("own").key("probe"), RequestBody.fromBytes(new byte[sizeBytes]));
    }

    private static boolean takesAWrite(S3Client s3) {
        try {
            put(s3, 9_000);
            return true;
        } catch (SdkException | UncheckedIOException e) {
            return false; // the latter of a connection to the process that it was before
        }
    }

    /** What clients of these nodes have done so far. */
    long operations(ServerProcess... nodes) {
        return Stream.of(nodes)
                .map(ServerProcess::endpoint)
                .mapToLong(each -> own.operations(each) + shared.operations(each))
                .sum();
    }

    /** Requests to nodes in trouble that did not succeed. */
    long refused() {
        return own.refused() + shared.refused();
    }

    /** Waits until so many requests to nodes in trouble have not succeeded, in all. */
    void awaitRefused(long requests) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (refused() < requests) {
            assertThat(System.nanoTime()).as("refused so far: %d", refused()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /** Waits until clients of each of these nodes have done some operations more. */
    void awaitProgress(ServerProcess... nodes) throws InterruptedException {
        awaitProgress(some, nodes);
    }

    /** Waits until clients of each of these nodes have done so many operations more. */
    void awaitProgress(int operations, ServerProcess... nodes) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (ServerProcess node : nodes) {
            long enough = operations(node) + operations;
            while (operations(node) < enough) {
                assertThat(System.nanoTime()).as(node.lastLog()).isLessThan(deadline);
                Thread.sleep(50);
            }
        }
    }

    /**
     * All that was acknowledged is there, at this node, unaltered; every key's history has an
     * explanation; and nobody saw what he did not ask for. No client may be at work.
     */
    void assertNothingWrong(ServerProcess node) {
        assertThat(own.readEverything(node.endpoint())).as("objects").isGreaterThan(objects / 2);
        shared.readEverything(node.endpoint());
        assertThat(own.surprises()).isEmpty();
        assertThat(shared.surprises()).isEmpty();
        own.assertLinearizable();
        shared.assertLinearizable();
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
