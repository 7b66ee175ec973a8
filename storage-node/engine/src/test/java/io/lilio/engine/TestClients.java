package io.lilio.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.object.ArraySource;
import io.lilio.object.ObjectCalls;
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
import java.util.function.Function;

/**
 * Clients that write, overwrite, copy, delete and read keys of their own, and know what they may
 * find.
 */
public final class TestClients implements AutoCloseable {

    private static final long ABSENT = -1;

    private final Plan plan;
    private final AtomicLong seeds = new AtomicLong();
    private final AtomicLong acts = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong served = new AtomicLong();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    private TestClients(Plan plan) {
        this.plan = plan;
    }

    /**
     * What they do.
     *
     * @param target whom to ask next
     * @param chunkBytes of the bucket
     * @param keys of each client
     * @param tolerated what they may be told; they try again
     */
    public record Plan(
            Function<Random, ObjectCalls> target,
            int chunkBytes,
            int keys,
            Set<Kind> tolerated,
            long seed) {}

    /** Begins, through whatever node of a cluster there is. */
    public static TestClients start(TestCluster cluster, int count) {
        TestClients clients =
                start(
                        new Plan(
                                cluster::someNode,
                                TestCluster.CHUNK,
                                12,
                                Set.of(Kind.UNAVAILABLE, Kind.SLOW_DOWN),
                                1),
                        count);
        clients.act(20 * count);
        return clients;
    }

    /** Begins. */
    public static TestClients start(Plan plan, int count) {
        var clients = new TestClients(plan);
        for (int number = 0; number < count; number++) {
            Client client = clients.new Client(number);
            clients.clients.add(client);
            clients.threads.add(Thread.startVirtualThread(client));
        }
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
        readEverything();
    }

    /** Reads everything once more. */
    public void readEverything() {
        clients.forEach(Client::readsEverything);
        assertThat(surprises).isEmpty();
    }

    /** Requests that got no answer but that they may be sent again. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** How many writes were acknowledged. */
    public long stored() {
        return stored.get();
    }

    /** How many reads found an object. */
    public long served() {
        return served.get();
    }

    @Override
    public void close() {
        over = true;
    }

    private final class Client implements Runnable {
        private final int number;
        private final Random random;

        /** By key, what it may find there. */
        private final List<Set<Long>> possible = new ArrayList<>();

        Client(int number) {
            this.number = number;
            this.random = new Random(plan.seed * 100 + number);
            for (int key = 0; key < plan.keys; key++) {
                possible.add(new HashSet<>(Set.of(ABSENT)));
            }
        }

        @Override
        public void run() {
            try {
                while (!over) {
                    act(random.nextInt(plan.keys));
                    acts.incrementAndGet();
                    Thread.sleep(random.nextInt(10)); // what else runs is to keep pace
                }
            } catch (RuntimeException | AssertionError | InterruptedException e) {
                surprises.add(e.toString());
            }
        }

        private void act(int key) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    long seed = seeds.incrementAndGet();
                    write(key, seed, () -> put(key, sealed(seed)));
                }
                case 3 -> {
                    long seed = seeds.incrementAndGet();
                    write(key, seed, () -> someone().putInParts(name(key), sealed(seed)));
                }
                case 4 -> write(key, ABSENT, () -> someone().delete(name(key)));
                case 5 -> copy(random.nextInt(plan.keys), key);
                default -> read(key);
            }
        }

        private void put(int key, byte[] bytes) {
            someone().put(name(key), new ArraySource(bytes));
        }

        private void copy(int from, int to) {
            if (to == from || possible.get(from).size() > 1) {
                return;
            }
            long seed = possible.get(from).iterator().next();
            if (seed != ABSENT) {
                write(to, seed, () -> someone().copy(name(from), name(to)));
            }
        }

        private void write(int key, long becomes, Runnable work) {
            try {
                work.run();
                possible.set(key, new HashSet<>(Set.of(becomes)));
                stored.incrementAndGet();
            } catch (ObjectStoreException e) {
                if (e.kind() == Kind.UNKNOWN_OUTCOME) {
                    possible.get(key).add(becomes);
                    refusals.add(e.toString());
                } else {
                    requireTolerated(e);
                }
            }
        }

        private boolean read(int key) {
            long found = ABSENT;
            try {
                byte[] bytes = someone().get(name(key));
                found = ByteBuffer.wrap(bytes).getLong();
                if (!Arrays.equals(bytes, sealed(found))) {
                    surprises.add(name(key) + ": bytes that nobody wrote");
                }
                served.incrementAndGet();
            } catch (ObjectStoreException e) {
                if (e.kind() != Kind.NO_SUCH_KEY) {
                    requireTolerated(e);
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
            for (int key = 0; key < plan.keys; key++) {
                int each = key;
                TestCluster.eventually(
                        name(key) + " cannot be read: " + refusals, () -> read(each));
            }
        }

        private ObjectCalls someone() {
            return plan.target.apply(random);
        }

        private void requireTolerated(ObjectStoreException e) {
            refusals.add(e.toString());
            if (!plan.tolerated.contains(e.kind())) {
                surprises.add(e.toString());
            }
        }

        private String name(int key) {
            return "client-" + number + "/key-" + key;
        }
    }

    /** Bytes that tell themselves what they have to be: inline, one chunk, or several. */
    private byte[] sealed(long seed) {
        Random random = new Random(seed);
        int most = List.of(500, plan.chunkBytes, 4 * plan.chunkBytes).get(random.nextInt(3));
        byte[] bytes = new byte[Long.BYTES + random.nextInt(most)];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putLong(seed);
        return bytes;
    }
}
