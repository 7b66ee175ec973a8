package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Fourteen clients of all nodes of a cluster, each of one node: eight on 2,000 objects of their
 * own, six on the same few keys, so that what one node acknowledges is looked for at the others at
 * once. A node can be in trouble, which its own clients may notice, and nobody else.
 */
final class ClusterLoad implements AutoCloseable {

    static final int OBJECTS = 2_000;

    private static final RecordedLoad.Shape OWN =
            new RecordedLoad.Shape(8, OBJECTS / 8, false, 1_500_000, true);
    private static final RecordedLoad.Shape SHARED =
            new RecordedLoad.Shape(6, 8, true, 300_000, true);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RecordedLoad own;
    private final RecordedLoad shared;

    private ClusterLoad(List<URI> endpoints, long seed) {
        own = new RecordedLoad(endpoints, "own", OWN, seed);
        shared = new RecordedLoad(endpoints, "shared", SHARED, seed + 1);
    }

    /** Makes the buckets and the objects, nearly all of them where a machine is very slow. */
    static ClusterLoad fill(List<URI> endpoints, long seed) throws InterruptedException {
        ClusterLoad load = new ClusterLoad(endpoints, seed);
        load.own.createBucket();
        load.shared.createBucket();
        endpoints.forEach(load.own::isInTrouble);
        load.own.fill();
        endpoints.forEach(load.own::isWell);
        assertThat(load.own.surprises()).isEmpty();
        assertThat(load.own.refused()).isLessThan(OBJECTS / 100);
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
     * Waits until a node takes a write again, and nobody has a connection to the process that it
     * was before; what its clients ask of it then has to succeed.
     */
    void awaitWell(ServerProcess node) throws InterruptedException {
        awaitServing(node);
        Thread.sleep(Clients.IDLE_CONNECTIONS);
        own.isWell(node.endpoint());
        shared.isWell(node.endpoint());
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

    private static boolean takesAWrite(S3Client s3) {
        try {
            s3.putObject(b -> b.bucket("own").key("probe"), RequestBody.fromBytes(new byte[9_000]));
            return true;
        } catch (SdkException e) {
            return false;
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
        assertThat(own.readEverything(node.endpoint())).as("objects").isGreaterThan(OBJECTS / 2);
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
