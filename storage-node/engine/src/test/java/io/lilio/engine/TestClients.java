package io.lilio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.object.Attributes;
import io.lilio.object.ArraySource;
import io.lilio.object.DeleteRequest;
import io.lilio.object.ObjectStore;
import io.lilio.object.OpenObject;
import io.lilio.object.PutRequest;
import io.lilio.object.ReadRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of a {@link TestCluster} that write, overwrite, delete and read keys of their own through
 * whatever node there is, and know what they may find.
 */
public final class TestClients implements AutoCloseable {

    private static final int KEYS = 12;
    private static final long ABSENT = -1;

    private final TestCluster cluster;
    private final AtomicLong seeds = new AtomicLong();
    private final AtomicLong acts = new AtomicLong();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    private TestClients(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Begins. */
    public static TestClients start(TestCluster cluster, int count) {
        var clients = new TestClients(cluster);
        for (int number = 0; number < count; number++) {
            Client client = clients.new Client(number);
            clients.clients.add(client);
            clients.threads.add(Thread.startVirtualThread(client));
        }
        clients.act(20 * count);
        return clients;
    }

    /** Returns when they have done so much more. */
    public void act(int more) {
        long enough = acts.get() + more;
        TestCluster.eventually(
                "the clients stand still: " + refusals,
                () -> acts.get() >= enough || !surprises.isEmpty());
        assertThat(surprises).isEmpty();
    }

    /** Ends them, and has each read everything. */
    public void stop() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        clients.forEach(Client::readsEverything);
        assertThat(surprises).isEmpty();
    }

    /** Requests that got no answer but that they may be sent again. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Reads everything once more. */
    public void readEverything() {
        clients.forEach(Client::readsEverything);
        assertThat(surprises).isEmpty();
    }

    @Override
    public void close() {
        over = true;
    }

    private final class Client implements Runnable {
        private final int number;
        private final Random random;
        private final List<Set<Long>> possible = new ArrayList<>();

        Client(int number) {
            this.number = number;
            this.random = new Random(number);
            for (int key = 0; key < KEYS; key++) {
                possible.add(new HashSet<>(Set.of(ABSENT)));
            }
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    act(random.nextInt(KEYS));
                    acts.incrementAndGet();
                    Thread.sleep(random.nextInt(8));
                }
            } catch (RuntimeException | AssertionError | InterruptedException e) {
                surprises.add(e.toString());
            }
        }

        private void act(int key) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    long seed = seeds.incrementAndGet();
                    write(key, seed, () -> put(key, sealed(seed)));
                }
                case 3 -> write(key, ABSENT, () -> delete(key));
                default -> read(key);
            }
        }

        private void write(int key, long becomes, Runnable work) {
            try {
                work.run();
                possible.set(key, new HashSet<>(Set.of(becomes)));
            } catch (ObjectStoreException e) {
                if (e.kind() == Kind.UNKNOWN_OUTCOME) {
                    possible.get(key).add(becomes);
                    refusals.add(e.toString());
                } else {
                    requireTemporary(e);
                }
            }
        }

        private void put(int key, byte[] bytes) {
            PutRequest request = PutRequest.of(TestCluster.at(name(key)), Attributes.none());
            someNode().put().put(request, new ArraySource(bytes));
        }

        private void delete(int key) {
            someNode().delete().delete(DeleteRequest.of(TestCluster.at(name(key))));
        }

        private ObjectStore someNode() {
            List<TestNode> there = cluster.nodes().stream().filter(node -> !node.isCut()).toList();
            return there.get(random.nextInt(there.size())).engine().objects();
        }

        private boolean read(int key) {
            long found = ABSENT;
            try (OpenObject object =
                    someNode().get().open(ReadRequest.of(TestCluster.at(name(key))))) {
                byte[] bytes = readAll(object);
                found = ByteBuffer.wrap(bytes).getLong();
                if (!Arrays.equals(bytes, sealed(found))) {
                    surprises.add(name(key) + ": bytes that nobody wrote");
                }
            } catch (ObjectStoreException e) {
                if (e.kind() != Kind.NO_SUCH_KEY) {
                    requireTemporary(e);
                    return false;
                }
            }
            if (!possible.get(key).contains(found)) {
                surprises.add(name(key) + ": found " + found + ", not of " + possible.get(key));
            }
            possible.set(key, new HashSet<>(Set.of(found)));
            return true;
        }

        void readsEverything() {
            for (int key = 0; key < KEYS; key++) {
                int each = key;
                TestCluster.eventually(
                        name(key) + " cannot be read: " + refusals, () -> read(each));
            }
        }

        private void requireTemporary(ObjectStoreException e) {
            refusals.add(e.toString());
            if (!Set.of(Kind.UNAVAILABLE, Kind.SLOW_DOWN).contains(e.kind())) {
                surprises.add(e.toString());
            }
        }

        private String name(int key) {
            return "client-" + number + "/key-" + key;
        }
    }

    private static byte[] readAll(OpenObject object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        object.transferTo(
                (data, release) -> {
                    byte[] copy = new byte[data.remaining()];
                    data.get(copy);
                    bytes.writeBytes(copy);
                    release.run();
                });
        return bytes.toByteArray();
    }

    /** Bytes that tell themselves what they have to be: inline, one chunk, or several. */
    private static byte[] sealed(long seed) {
        Random random = new Random(seed);
        int most = List.of(500, TestCluster.CHUNK, 4 * TestCluster.CHUNK).get(random.nextInt(3));
        byte[] bytes = new byte[Long.BYTES + random.nextInt(most)];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putLong(seed);
        return bytes;
    }
}
