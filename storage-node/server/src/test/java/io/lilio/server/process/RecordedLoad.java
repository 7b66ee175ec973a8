package io.lilio.server.process;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Clients that put, read, replace and delete objects of all sizes and write down what they saw. An
 * object's value is the SHA-256 of its bytes, and no two writes have the same bytes, so the history
 * of a key tells lost, mixed and stale objects alike. Anything but what a client asked for is a
 * surprise, errors of the server among them.
 */
final class RecordedLoad implements AutoCloseable {

    /**
     * How clients behave.
     *
     * @param clients threads
     * @param keys keys of each client; with {@code shared} all clients use the same keys
     * @param shared whether all work on the same keys, list them, and race on the same multipart
     *     uploads
     * @param largestBytes the largest body of a single PUT
     * @param multipart whether some objects go up in parts of 5 MiB
     */
    record Shape(int clients, int keys, boolean shared, int largestBytes, boolean multipart) {}

    private static final String SHARED = "shared/";

    private final List<URI> endpoints;
    private final String bucket;
    private final Shape shape;
    private final long seed;
    private final Seen seen = new Seen();
    private final SharedUploads uploads;
    private final Map<URI, AtomicLong> done = new ConcurrentHashMap<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private boolean retrying;
    private boolean reading;
    private Duration pause = Duration.ZERO;

    RecordedLoad(URI endpoint, String bucket, Shape shape, long seed) {
        this(List.of(endpoint), bucket, shape, seed);
    }

    /**
     * @param endpoints of nodes of one cluster: clients take them in turn
     */
    RecordedLoad(List<URI> endpoints, String bucket, Shape shape, long seed) {
        this.endpoints = List.copyOf(endpoints);
        this.bucket = bucket;
        this.shape = shape;
        this.seed = seed;
        this.uploads = new SharedUploads(bucket, seen);
    }

    /**
     * Clients send once more what did not succeed. Then they leave out what is not the same when it
     * is done twice.
     */
    void retryOnce() {
        retrying = true;
    }

    /** Clients read what is there, and change nothing. */
    void onlyRead() {
        reading = true;
    }

    /** Clients wait so long after each operation, so that others have the machine. */
    void pauseFor(Duration each) {
        pause = each;
    }

    private RecordedClient client(int number, Random random) {
        URI endpoint = endpoints.get(number % endpoints.size());
        return new RecordedClient(
                retrying ? Clients.withOneRetry(endpoint) : Clients.withoutRetries(endpoint),
                name(number),
                bucket,
                seen,
                random);
    }

    private static String name(int number) {
        return "client-" + number;
    }

    void createBucket() {
        try (S3Client s3 = Clients.withoutRetries(endpoints.getFirst())) {
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

    /** Kills the server; every client ends with the connection that breaks under it. */
    void stopByKilling(ServerProcess server) throws InterruptedException {
        seen.serverIsBeingKilled(true);
        server.kill();
        stop();
        seen.serverIsBeingKilled(false);
    }

    long operations() {
        return done.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** Those that clients of one node have done, well or not. */
    long operations(URI endpoint) {
        return done.computeIfAbsent(endpoint, e -> new AtomicLong()).get();
    }

    private void count(URI endpoint) {
        done.computeIfAbsent(endpoint, e -> new AtomicLong()).incrementAndGet();
    }

    /** From now on clients of this node may be refused, or get no answer. */
    void isInTrouble(URI endpoint) {
        seen.isInTrouble(endpoint);
    }

    /** What clients ask of this node from now on has to succeed again. */
    void isWell(URI endpoint) {
        seen.isWell(endpoint);
    }

    /** Requests of clients of nodes in trouble that did not succeed. */
    long refused() {
        return seen.refused();
    }

    /** Writes each key of each client once: few of many chunks, some in parts, most small. */
    void fill() throws InterruptedException {
        for (int i = 0; i < shape.clients(); i++) {
            int client = i;
            threads.add(
                    Thread.ofPlatform()
                            .name("fill-" + client)
                            .start(() -> fill(client, new Random(seed * 1000 - 1 - client))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void fill(int number, Random random) {
        String name = name(number);
        try (RecordedClient client = client(number, random)) {
            for (int i = 0; i < shape.keys(); i++) {
                String key = name + "/" + i;
                if (i % 100 == 0 && shape.multipart()) {
                    client.multipart(key);
                } else {
                    client.put(key, client.fresh(i % 8 == 0 ? shape.largestBytes() : 20_000));
                }
            }
        }
    }

    /** Requests whose connection broke when the server was killed. */
    long brokenOff() {
        return seen.brokenOff();
    }

    /** All that clients saw and did not ask for, while the server was not being killed. */
    List<String> surprises() {
        return seen.surprises();
    }

    /** How often each kind of operation ended in each way that it may. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        seen.counts().forEach((what, count) -> counts.put(what, count.get()));
        return counts;
    }

    private void work(int number, Random random) {
        String name = name(number);
        URI endpoint = endpoints.get(number % endpoints.size());
        try (RecordedClient client = client(number, random)) {
            while (!stopping.get() && !client.isCutOff()) {
                if (shape.shared()) {
                    sharedStep(client, sharedKey(random.nextInt(shape.keys())), random);
                } else {
                    step(client, name + "/" + random.nextInt(shape.keys()), random);
                }
                count(endpoint);
                LockSupport.parkNanos(pause.toNanos());
            }
        } catch (RuntimeException | Error e) {
            seen.surprise("client " + number + " died: " + e);
            throw e;
        }
    }

    private static String sharedKey(int number) {
        return SHARED + number;
    }

    private List<String> sharedKeys() {
        return IntStream.range(0, shape.keys()).mapToObj(RecordedLoad::sharedKey).toList();
    }

    private void step(RecordedClient client, String key, Random random) {
        int kind = random.nextInt(100);
        if (reading) {
            client.read(key);
        } else if (kind < 40) {
            client.put(key, client.fresh(shape.largestBytes()));
        } else if (kind < 45 && shape.multipart()) {
            client.multipart(key);
        } else if (kind < 55) {
            client.delete(key);
        } else if (kind < 65 && !retrying) {
            client.createIfAbsent(key, client.fresh(shape.largestBytes()));
        } else {
            client.read(key);
        }
    }

    private void sharedStep(RecordedClient client, String key, Random random) {
        int kind = random.nextInt(100);
        if (kind < 15) {
            client.put(key, client.fresh(shape.largestBytes()));
        } else if (kind < 23) {
            client.delete(key);
        } else if (kind < 31) {
            client.createIfAbsent(key, client.fresh(shape.largestBytes()));
        } else if (kind < 45) {
            client.replaceIfUnchanged(key, client.fresh(shape.largestBytes()));
        } else if (kind < 57) {
            client.list(SHARED, sharedKeys());
        } else if (kind < 80) {
            client.read(key);
        } else if (kind < 81 && shape.multipart()) {
            client.multipart(key);
        } else if (kind < 86) {
            uploads.begin(client, key, random, shape.largestBytes());
        } else if (kind < 91) {
            uploads.uploadPart(client, random, shape.largestBytes());
        } else if (kind < 97) {
            uploads.complete(client, random);
        } else {
            uploads.abort(client, random);
        }
    }

    /**
     * Reads every key once more, now that all is quiet; how many objects there are. No client may
     * be at work.
     */
    int readEverything() {
        return readEverything(endpoints.getFirst());
    }

    /** The same through one of the nodes. */
    int readEverything(URI endpoint) {
        int found = 0;
        try (RecordedClient client =
                new RecordedClient(endpoint, "final", bucket, seen, new Random(seed))) {
            uploads.end(client);
            for (String key : List.copyOf(seen.keys())) {
                found += client.read(key) ? 1 : 0;
            }
            if (shape.shared()) {
                client.list(SHARED, sharedKeys());
            }
        }
        return found;
    }

    /**
     * Fails with the first key whose history has no explanation, a lost or mixed object among them.
     */
    void assertLinearizable() {
        seen.assertLinearizable(seed);
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
