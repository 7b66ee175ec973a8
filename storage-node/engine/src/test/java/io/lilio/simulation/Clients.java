package io.lilio.simulation;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.listing.ObjectPage;
import io.lilio.catalog.listing.ObjectQuery;
import io.lilio.catalog.listing.VersionPage;
import io.lilio.catalog.listing.VersionQuery;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.engine.Engine;
import io.lilio.history.Operation;
import io.lilio.object.DeleteRequest;
import io.lilio.object.ObjectSource;
import io.lilio.object.OpenObject;
import io.lilio.object.PutRequest;
import io.lilio.object.ReadRequest;
import io.lilio.simulation.Profile.VersionUse;
import io.lilio.simulation.Requests.Outcome;
import io.lilio.simulation.Values.Value;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Clients that write, read, list and delete a few keys through any node, and work at uploads, until
 * the last fault has struck. The keys change over time, so that each has a history that can be
 * checked.
 */
final class Clients {

    private static final int LEAST_REQUESTS = 16;
    private static final int MOST_REQUESTS = 90;
    private static final long KEY_NANOS = 6_000_000_000L;
    private static final long RUSH_NANOS = 500_000_000;
    private static final long SIESTA_NANOS = 2_000_000_000L;

    private final Cluster cluster;
    private final Profile profile;
    private final VersionUse versions;

    /** Whether nothing goes wrong that a reader might notice. */
    private boolean readsMustSucceed;

    private final SimulatedProcess process;
    private final Random random;
    private final Requests requests;
    private final Uploads uploads;
    private final Values values = new Values();
    private final History history = new History();
    private final Set<String> keys = new TreeSet<>();
    private final Map<String, String> lastSeen = new HashMap<>();
    private int working;

    Clients(Cluster cluster, Profile profile) {
        this.profile = profile;
        this.versions = profile.versions();
        this.readsMustSucceed = profile.calm();
        this.cluster = cluster;
        this.random = cluster.newRandom();
        this.process = new SimulatedProcess(cluster.scheduler(), "clients");
        this.requests = new Requests(cluster, process, random, profile.slant().isHasty());
        this.uploads = new Uploads(cluster, requests, values, history, random);
    }

    /**
     * What is wrong with what they saw. Where the newest version of a key is deleted an older one
     * comes to light, so that a key is no register any more; what they read is checked all the
     * same.
     */
    Optional<String> violation() {
        return versions == VersionUse.DELETED ? Optional.empty() : history.violation();
    }

    /** How often requests ended in which way. */
    Map<String, Integer> outcomes() {
        return requests.outcomes();
    }

    /**
     * @param over whether nothing is left to go wrong
     */
    void start(int count, BooleanSupplier over) {
        working = count;
        for (int number = 0; number < count; number++) {
            String name = "client-" + number;
            process.start(
                    () -> {
                        for (int i = 0; i < MOST_REQUESTS; i++) {
                            if (i >= LEAST_REQUESTS && over.getAsBoolean()) {
                                break;
                            }
                            pause();
                            act(name);
                        }
                        working--;
                    });
        }
    }

    boolean areDone() {
        return working == 0 && requests.isQuiet();
    }

    /** One client reads all keys through each node, now that all is well. */
    void readEverything() {
        readsMustSucceed = true;
        working = 1;
        process.start(
                () -> {
                    for (SimulatedNode node : cluster.nodes()) {
                        if (node.running().isPresent()) {
                            for (String key : keys) {
                                read("reader", key, node);
                            }
                        }
                    }
                    working--;
                });
    }

    /** Mostly until all of them act at once, so that they get into each other's way. */
    private void pause() {
        long jitter = random.nextInt(3_000_000);
        long untilRush = RUSH_NANOS - now() % RUSH_NANOS;
        long wait = random.nextInt(4) == 0 ? random.nextInt(300_000_000) : untilRush;
        long turn = (now() + wait) % (2 * SIESTA_NANOS);
        if (profile.slant() == Profile.Slant.RINGS && turn > SIESTA_NANOS) {
            wait += 2 * SIESTA_NANOS - turn; // only who works tells members of rings
        }
        Requests.linger(process, Duration.ofNanos(wait + jitter));
    }

    private void act(String client) {
        String key = someKey();
        SimulatedNode node = requests.someNode().orElse(null);
        if (node == null) {
            return;
        }
        keys.add(key);
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> put(client, key, node);
            case 5, 6, 7, 8 -> read(client, key, node);
            case 9, 10, 11 -> deleteSomething(client, key, node);
            case 12, 13 -> putIf(client, key, node);
            case 14 -> listOrChange(client, node);
            case 15 -> uploads.create(key, node);
            case 16, 17 -> uploads.uploadPart(node);
            case 18 -> complete(client, node);
            default -> actSeldom(client, key, node);
        }
    }

    private String someKey() {
        return "key-%d-%d".formatted(now() / KEY_NANOS, random.nextInt(profile.keyCount()));
    }

    private void listOrChange(String client, SimulatedNode node) {
        if (versions != VersionUse.NONE && random.nextBoolean()) {
            changeVersioning(node);
        } else {
            list(client, node);
        }
    }

    private void deleteSomething(String client, String key, SimulatedNode node) {
        if (versions == VersionUse.DELETED && random.nextBoolean()) {
            deleteVersion(key, node);
        } else {
            delete(client, key, node);
        }
    }

    private void actSeldom(String client, String key, SimulatedNode node) {
        if (versions == VersionUse.DELETED && random.nextBoolean()) {
            deleteVersion(key, node);
        } else if (versions != VersionUse.NONE && random.nextBoolean()) {
            changeVersioning(node);
        } else if (profile.slant() == Profile.Slant.COPIES && random.nextBoolean()) {
            deleteAll();
        } else if (random.nextInt(3) == 0) {
            uploads.abort(node);
        } else {
            complete(client, node);
        }
    }

    /** Some look at once at what has become of it. */
    private void complete(String client, SimulatedNode node) {
        String key = uploads.complete(client, node).orElse(null);
        if (key != null && random.nextBoolean()) {
            read(client, key, node);
        }
    }

    private void changeVersioning(SimulatedNode node) {
        Versioning next = random.nextBoolean() ? Versioning.SUSPENDED : Versioning.ENABLED;
        requests.ask(
                "versioning",
                node,
                Phase.Work.WRITE,
                engine -> {
                    engine.objects().buckets().setVersioning(Cluster.BUCKET, next);
                    return true;
                });
    }

    /** The newest, mostly: then the one before it comes to light. */
    private void deleteVersion(String key, SimulatedNode node) {
        requests.ask(
                "delete-version",
                node,
                Phase.Work.WRITE,
                engine -> {
                    List<VersionPage.Entry> found =
                            engine.objects()
                                    .listings()
                                    .versions(
                                            Cluster.BUCKET,
                                            new VersionQuery(key, "", "", null, 100))
                                    .page()
                                    .versions();
                    if (found.isEmpty()) {
                        return false;
                    }
                    int index = Math.max(0, random.nextInt(2 * found.size()) - found.size());
                    engine.objects()
                            .delete()
                            .delete(
                                    new DeleteRequest(
                                            Requests.at(key),
                                            Optional.of(found.get(index).version().id().toString()),
                                            Conditions.none()));
                    return true;
                });
    }

    private long now() {
        return cluster.scheduler().nanos();
    }

    /** A request that writes: done, refused without a trace, or nobody knows. */
    private <T> void write(String client, String key, String value, long call, Outcome<T> outcome) {
        var effect = new Operation.Write(value);
        switch (outcome) {
            case Outcome.Done<T> _ -> history.add(key, new Operation(client, call, now(), effect));
            case Outcome.Unknown<T> _ ->
                    history.add(key, new Operation(client, call, Operation.NEVER, effect));
            case Outcome.Failed<T>(Kind kind) -> requests.requireRefusal(key, kind);
        }
    }

    /** Somebody deletes all that there is, at once. */
    void deleteAll() {
        for (String key : keys) {
            requests.beside(
                    Duration.ofMillis(random.nextInt(60)),
                    () ->
                            requests.someNode()
                                    .ifPresent(node -> delete("cleaner-" + now(), key, node)));
        }
    }

    /** One more client comes, slowly, to a node that has a new session. */
    void greet(SimulatedNode node) {
        requests.beside(
                Duration.ofMillis(3 + random.nextInt(60)),
                () -> {
                    Value value = values.nextLarge(random);
                    String key = someKey();
                    keys.add(key);
                    put(
                            "greeter-" + value.name(),
                            key,
                            node,
                            value,
                            requests.slowBody(value, node));
                });
    }

    private void put(String client, String key, SimulatedNode node) {
        Value value = values.next(random);
        if (profile.slant() == Profile.Slant.COMMITS && random.nextInt(4) == 0) {
            Duration later = Duration.ofMillis(random.nextInt(1_500));
            requests.beside(
                    later,
                    () ->
                            requests.someNode()
                                    .ifPresent(n -> delete("rival-" + value.name(), key, n)));
        }
        put(client, key, node, value, requests.body(value, node));
    }

    private void put(
            String client, String key, SimulatedNode node, Value value, ObjectSource body) {
        long call = now();
        write(
                client,
                key,
                value.name(),
                call,
                requests.ask(
                        "put",
                        node,
                        Phase.Work.WRITE,
                        engine ->
                                engine.objects()
                                        .put()
                                        .put(
                                                PutRequest.of(Requests.at(key), Attributes.none()),
                                                body)));
    }

    private void delete(String client, String key, SimulatedNode node) {
        long call = now();
        write(
                client,
                key,
                Values.absent(),
                call,
                requests.ask(
                        "delete",
                        node,
                        Phase.Work.WRITE,
                        engine ->
                                engine.objects()
                                        .delete()
                                        .delete(DeleteRequest.of(Requests.at(key)))));
    }

    private void putIf(String client, String key, SimulatedNode node) {
        String expected =
                random.nextBoolean()
                        ? Values.absent()
                        : lastSeen.getOrDefault(key, Values.absent());
        Conditions conditions =
                expected.equals(Values.absent())
                        ? new Conditions(
                                List.of(), List.of("*"), Optional.empty(), Optional.empty())
                        : new Conditions(
                                List.of(expected), List.of(), Optional.empty(), Optional.empty());
        String state = expected.equals(Values.absent()) ? expected : values.written(expected);
        Value value = values.next(random);
        ObjectSource body = requests.body(value, node);
        var request =
                new PutRequest(Requests.at(key), Attributes.none(), conditions, Optional.empty());
        long call = now();
        Outcome<?> outcome =
                requests.ask(
                        "put-if",
                        node,
                        Phase.Work.WRITE,
                        engine -> engine.objects().put().put(request, body));
        Operation.Effect done = new Operation.WriteIf(state, value.name());
        Operation.Effect refused = new Operation.RefusedIf(state);
        switch (outcome) {
            case Outcome.Done<?> _ -> history.add(key, new Operation(client, call, now(), done));
            case Outcome.Unknown<?> _ ->
                    history.add(key, new Operation(client, call, Operation.NEVER, done));
            case Outcome.Failed<?>(Kind kind) -> {
                if (kind == Kind.PRECONDITION_FAILED || kind == Kind.NO_SUCH_KEY) {
                    history.add(key, new Operation(client, call, now(), refused));
                } else {
                    requests.requireRefusal(key, kind);
                }
            }
        }
    }

    private void read(String client, String key, SimulatedNode node) {
        Duration leisure =
                random.nextInt(profile.slant().isHasty() ? 20 : 4) == 0
                        ? Duration.ofMillis(random.nextInt(4_000))
                        : Duration.ZERO;
        long call = now();
        Outcome<Object[]> outcome =
                requests.ask(
                        "get",
                        node,
                        Phase.Work.READ,
                        engine -> read(engine, key, leisure, node.process()));
        switch (outcome) {
            case Outcome.Done<Object[]>(Object[] found) -> {
                lastSeen.put(key, (String) found[1]);
                saw(client, key, call, (long) found[2], (byte[]) found[0]);
            }
            case Outcome.Unknown<Object[]> _ -> {}
            case Outcome.Failed<Object[]>(Kind kind) -> {
                if (kind == Kind.NO_SUCH_KEY || kind == Kind.DELETE_MARKER) {
                    lastSeen.remove(key);
                    history.add(
                            key,
                            new Operation(
                                    client, call, now(), new Operation.Read(Values.absent())));
                } else if (readsMustSucceed) {
                    requests.surprise(key + " cannot be read although all is well: " + kind);
                } else {
                    requests.requireRefusal(key, kind);
                }
            }
        }
    }

    /** All of an object's bytes, its ETag, and when it was open. */
    private Object[] read(Engine engine, String key, Duration leisure, SimulatedProcess reading) {
        try (OpenObject object = engine.objects().get().open(ReadRequest.of(Requests.at(key)))) {
            long opened = now();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            object.transferTo(
                    (data, release) -> {
                        byte[] copy = new byte[data.remaining()];
                        data.get(copy);
                        bytes.writeBytes(copy);
                        release.run();
                        Requests.linger(reading, leisure);
                    });
            return new Object[] {bytes.toByteArray(), object.info().etag(), opened};
        }
    }

    private void saw(String client, String key, long call, long opened, byte[] bytes) {
        Optional<String> value = Values.read(bytes);
        if (value.isEmpty()) {
            requests.surprise(key + " holds %d bytes that nobody wrote".formatted(bytes.length));
            return;
        }
        history.add(key, new Operation(client, call, opened, new Operation.Read(value.get())));
    }

    private void list(String client, SimulatedNode node) {
        long call = now();
        Outcome<ObjectPage> outcome =
                requests.ask(
                        "list",
                        node,
                        Phase.Work.READ,
                        engine ->
                                engine.objects()
                                        .listings()
                                        .objects(Cluster.BUCKET, new ObjectQuery("", "", "", 1_000))
                                        .page());
        if (!(outcome instanceof Outcome.Done<ObjectPage>(ObjectPage page))) {
            return;
        }
        Map<String, String> found = new HashMap<>();
        for (ObjectPage.Entry entry : page.objects()) {
            Optional<String> value = values.ofEtag(entry.version().etag());
            if (value.isEmpty()) {
                requests.surprise(
                        entry.key() + " is listed with an ETag of nothing that was written");
                return;
            }
            found.put(entry.key(), value.get());
        }
        for (String key : keys) {
            String seen = found.getOrDefault(key, Values.absent());
            history.add(key, new Operation(client, call, now(), new Operation.Read(seen)));
        }
    }
}
