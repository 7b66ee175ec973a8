package io.lilio.simulation;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.listing.ObjectPage;
import io.lilio.catalog.listing.ObjectQuery;
import io.lilio.catalog.listing.VersionPage;
import io.lilio.catalog.listing.VersionQuery;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.engine.Engine;
import io.lilio.history.Operation;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.object.ArraySource;
import io.lilio.object.CompleteUploadRequest;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import io.lilio.object.CreateUploadRequest;
import io.lilio.object.DeleteRequest;
import io.lilio.object.ObjectAddress;
import io.lilio.object.ObjectSource;
import io.lilio.object.OpenObject;
import io.lilio.object.PartRequest;
import io.lilio.object.PutRequest;
import io.lilio.object.PutResult;
import io.lilio.object.ReadRequest;
import io.lilio.object.UploadAddress;
import io.lilio.simulation.Profile.VersionUse;
import io.lilio.simulation.RemoteCall.NoAnswerException;
import io.lilio.simulation.Values.Value;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Clients that write, read, list and delete a few keys through any node, and race on the parts, the
 * completion and the abortion of uploads.
 */
final class Clients {

    private static final List<String> ALL = List.of("key-a", "key-b", "key-c");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long RUSH_NANOS = 500_000_000;

    /** What a client may be told that leaves everything as it was. */
    private static final Set<Kind> REFUSALS =
            Set.of(Kind.UNAVAILABLE, Kind.SLOW_DOWN, Kind.STORAGE_FULL);

    private final Cluster cluster;
    private final List<String> keys;
    private final VersionUse versions;

    /** Whether nothing goes wrong that a reader might notice. */
    private boolean readsMustSucceed;

    private final Network network;
    private final SimulatedProcess process;
    private final Random random;
    private final Values values = new Values();
    private final History history = new History();
    private final List<OpenUpload> uploads = new ArrayList<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Map<String, String> lastSeen = new HashMap<>();
    private int working;

    /** An upload that was begun, and its parts as far as they are known. */
    private record OpenUpload(String key, String id, List<Value> parts) {}

    Clients(Cluster cluster, Profile profile) {
        this.versions = profile.versions();
        this.readsMustSucceed = profile.calm();
        this.keys = ALL.subList(0, profile.keyCount());
        this.cluster = cluster;
        this.random = cluster.newRandom();
        this.process = new SimulatedProcess(cluster.scheduler(), "clients");
        this.network = new Network(cluster.scheduler(), cluster.newRandom(), cluster.phases());
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
        return outcomes;
    }

    void start(int count, int requests) {
        working = count;
        for (int number = 0; number < count; number++) {
            String name = "client-" + number;
            process.start(
                    () -> {
                        for (int i = 0; i < requests; i++) {
                            pause();
                            act(name);
                        }
                        working--;
                    });
        }
    }

    boolean areDone() {
        return working == 0;
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
        try {
            process.time().sleep(Duration.ofNanos(wait + jitter));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a client", e);
        }
    }

    private void act(String client) {
        String key = keys.get(random.nextInt(keys.size()));
        List<SimulatedNode> nodes =
                cluster.nodes().stream().filter(each -> each.running().isPresent()).toList();
        if (nodes.isEmpty()) {
            return;
        }
        SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> put(client, key, node);
            case 5, 6, 7, 8 -> read(client, key, node);
            case 9, 10, 11 -> delete(client, key, node);
            case 12, 13 -> putIf(client, key, node);
            case 14 -> list(client, node);
            case 15 -> createUpload(key, node);
            case 16, 17 -> uploadPart(node);
            case 18 -> complete(client, node);
            default -> {
                if (versions == VersionUse.DELETED && random.nextBoolean()) {
                    deleteVersion(key, node);
                } else {
                    completeOrAbort(client, node);
                }
            }
        }
    }

    /** The newest, mostly: then the one before it comes to light. */
    private void deleteVersion(String key, SimulatedNode node) {
        ask(
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
                                            at(key),
                                            Optional.of(found.get(index).version().id().toString()),
                                            Conditions.none()));
                    return true;
                });
    }

    /** How a request ended. */
    private sealed interface Outcome<T> {
        record Done<T>(T answer) implements Outcome<T> {}

        record Failed<T>(Kind kind) implements Outcome<T> {}

        record Unknown<T>() implements Outcome<T> {}
    }

    private <T> Outcome<T> ask(
            String what, SimulatedNode node, Phase.Work work, Function<Engine, T> request) {
        Outcome<T> outcome = ask(node, work, request);
        String how =
                switch (outcome) {
                    case Outcome.Done<T> _ -> "done";
                    case Outcome.Failed<T>(Kind kind) -> kind.name();
                    case Outcome.Unknown<T> _ -> "unknown";
                };
        outcomes.merge(what + " " + how, 1, Integer::sum);
        return outcome;
    }

    private <T> Outcome<T> ask(SimulatedNode node, Phase.Work work, Function<Engine, T> request) {
        Optional<Engine> engine = node.running();
        if (engine.isEmpty()) {
            return new Outcome.Failed<>(Kind.UNAVAILABLE);
        }
        SimulatedProcess asked = node.process();
        try {
            return new Outcome.Done<>(
                    new RemoteCall<T>(network, process, asked)
                            .onThread(
                                    cluster.scheduler(),
                                    PATIENCE,
                                    () -> {
                                        Activity activity = cluster.phases().begin(asked, work);
                                        try {
                                            return request.apply(engine.get());
                                        } finally {
                                            cluster.phases().end(activity);
                                        }
                                    }));
        } catch (NoAnswerException e) {
            return new Outcome.Unknown<>();
        } catch (MetadataUnavailableException e) {
            return new Outcome.Failed<>(Kind.UNAVAILABLE);
        } catch (ObjectStoreException e) {
            return e.kind() == Kind.UNKNOWN_OUTCOME
                    ? new Outcome.Unknown<>()
                    : new Outcome.Failed<>(e.kind());
        }
    }

    private long now() {
        return cluster.scheduler().nanos();
    }

    private static ObjectAddress at(String key) {
        return new ObjectAddress(Cluster.BUCKET, key);
    }

    /** A request that writes: done, refused without a trace, or nobody knows. */
    private <T> void write(String client, String key, String value, long call, Outcome<T> outcome) {
        var effect = new Operation.Write(value);
        switch (outcome) {
            case Outcome.Done<T> _ -> history.add(key, new Operation(client, call, now(), effect));
            case Outcome.Unknown<T> _ ->
                    history.add(key, new Operation(client, call, Operation.NEVER, effect));
            case Outcome.Failed<T>(Kind kind) -> requireRefusal(key, kind);
        }
    }

    private void requireRefusal(String what, Kind kind) {
        if (!REFUSALS.contains(kind)) {
            surprise(what + " was answered " + kind);
        }
    }

    private void surprise(String what) {
        cluster.scheduler().fail(new AssertionError(what));
    }

    private void put(String client, String key, SimulatedNode node) {
        Value value = values.next(random);
        ObjectSource body = body(value, node);
        long call = now();
        write(
                client,
                key,
                value.name(),
                call,
                ask(
                        "put",
                        node,
                        Phase.Work.WRITE,
                        engine ->
                                engine.objects()
                                        .put()
                                        .put(PutRequest.of(at(key), Attributes.none()), body)));
    }

    private void delete(String client, String key, SimulatedNode node) {
        long call = now();
        write(
                client,
                key,
                Values.absent(),
                call,
                ask(
                        "delete",
                        node,
                        Phase.Work.WRITE,
                        engine -> engine.objects().delete().delete(DeleteRequest.of(at(key)))));
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
        String state =
                expected.equals(Values.absent()) ? expected : values.ofEtag(expected).orElseThrow();
        Value value = values.next(random);
        ObjectSource body = body(value, node);
        var request = new PutRequest(at(key), Attributes.none(), conditions, Optional.empty());
        long call = now();
        Outcome<?> outcome =
                ask(
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
                    requireRefusal(key, kind);
                }
            }
        }
    }

    private void read(String client, String key, SimulatedNode node) {
        Duration leisure =
                random.nextInt(4) == 0 ? Duration.ofMillis(random.nextInt(4_000)) : Duration.ZERO;
        long call = now();
        Outcome<Object[]> outcome =
                ask(
                        "get",
                        node,
                        Phase.Work.READ,
                        engine -> read(engine, key, leisure, asked(node)));
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
                    surprise(key + " cannot be read although all is well: " + kind);
                } else {
                    requireRefusal(key, kind);
                }
            }
        }
    }

    /** Some clients send slowly. */
    private ObjectSource body(Value value, SimulatedNode node) {
        ArraySource source = new ArraySource(value.bytes());
        if (random.nextInt(3) != 0) {
            return source;
        }
        Duration pause = Duration.ofMillis(random.nextInt(5_000));
        SimulatedProcess receiving = node.process();
        return source.inPiecesOf(value.bytes().length / 2 + 1)
                .atHalf(() -> linger(receiving, pause));
    }

    private static SimulatedProcess asked(SimulatedNode node) {
        return node.process();
    }

    /** All of an object's bytes, its ETag, and when it was open. */
    private Object[] read(Engine engine, String key, Duration leisure, SimulatedProcess reading) {
        try (OpenObject object = engine.objects().get().open(ReadRequest.of(at(key)))) {
            long opened = now();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            object.transferTo(
                    (data, release) -> {
                        byte[] copy = new byte[data.remaining()];
                        data.get(copy);
                        bytes.writeBytes(copy);
                        release.run();
                        linger(reading, leisure);
                    });
            return new Object[] {bytes.toByteArray(), object.info().etag(), opened};
        }
    }

    private static void linger(SimulatedProcess process, Duration leisure) {
        if (leisure.isZero()) {
            return;
        }
        try {
            process.time().sleep(leisure);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a reader", e);
        }
    }

    private void saw(String client, String key, long call, long opened, byte[] bytes) {
        Optional<String> value = Values.read(bytes);
        if (value.isEmpty()) {
            surprise(key + " holds %d bytes that nobody wrote".formatted(bytes.length));
            return;
        }
        history.add(key, new Operation(client, call, opened, new Operation.Read(value.get())));
    }

    private void list(String client, SimulatedNode node) {
        long call = now();
        Outcome<ObjectPage> outcome =
                ask(
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
                surprise(entry.key() + " is listed with an ETag of nothing that was written");
                return;
            }
            found.put(entry.key(), value.get());
        }
        for (String key : keys) {
            String seen = found.getOrDefault(key, Values.absent());
            history.add(key, new Operation(client, call, now(), new Operation.Read(seen)));
        }
    }

    private void createUpload(String key, SimulatedNode node) {
        var request =
                new CreateUploadRequest(at(key), Attributes.none(), "client", Optional.empty());
        Outcome<String> outcome =
                ask(
                        "create-upload",
                        node,
                        Phase.Work.WRITE,
                        engine -> engine.objects().uploads().create().create(request));
        if (outcome instanceof Outcome.Done<String>(String id)) {
            uploads.add(new OpenUpload(key, id, new ArrayList<>()));
        }
    }

    private Optional<OpenUpload> someUpload() {
        return uploads.isEmpty()
                ? Optional.empty()
                : Optional.of(uploads.get(random.nextInt(uploads.size())));
    }

    private void uploadPart(SimulatedNode node) {
        OpenUpload upload = someUpload().orElse(null);
        if (upload == null) {
            return;
        }
        Value value = values.next(random);
        ObjectSource body = body(value, node);
        var request =
                new PartRequest(
                        new UploadAddress(at(upload.key()), upload.id()), 1, Optional.empty());
        upload.parts().add(value);
        ask(
                "part",
                node,
                Phase.Work.WRITE,
                engine -> engine.objects().uploads().part().upload(request, body));
    }

    private void completeOrAbort(String client, SimulatedNode node) {
        if (random.nextInt(3) != 0) {
            complete(client, node);
            return;
        }
        OpenUpload upload = someUpload().orElse(null);
        if (upload == null) {
            return;
        }
        Outcome<Boolean> outcome =
                ask(
                        "abort",
                        node,
                        Phase.Work.WRITE,
                        engine -> {
                            engine.objects()
                                    .uploads()
                                    .abort()
                                    .abort(new UploadAddress(at(upload.key()), upload.id()));
                            return true;
                        });
        if (outcome instanceof Outcome.Done<Boolean>) {
            history.aborted(upload.id(), upload.key());
        }
    }

    private void complete(String client, SimulatedNode node) {
        OpenUpload upload = someUpload().orElse(null);
        if (upload == null || upload.parts().isEmpty()) {
            return;
        }
        Value value = upload.parts().get(random.nextInt(upload.parts().size()));
        var request =
                new CompleteUploadRequest(
                        new UploadAddress(at(upload.key()), upload.id()),
                        List.of(new CompletedPart(1, Values.etag(value), Optional.empty())),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Conditions.none());
        long call = now();
        Outcome<PutResult> outcome =
                ask(
                        "complete",
                        node,
                        Phase.Work.WRITE,
                        engine -> engine.objects().uploads().complete().complete(request));
        var effect = new Operation.Write(value.name());
        switch (outcome) {
            case Outcome.Done<PutResult>(PutResult result) ->
                    // Whatever part is named: once completed, an upload answers what it became.
                    history.completed(
                            upload.id(),
                            upload.key(),
                            new Operation(client, call, now(), became(result)));
            case Outcome.Unknown<PutResult> _ ->
                    history.completed(
                            upload.id(),
                            upload.key(),
                            new Operation(client, call, Operation.NEVER, effect));
            case Outcome.Failed<PutResult> _ -> {}
        }
    }

    private Operation.Write became(PutResult result) {
        return new Operation.Write(values.ofEtag(result.etag()).orElseThrow());
    }
}
