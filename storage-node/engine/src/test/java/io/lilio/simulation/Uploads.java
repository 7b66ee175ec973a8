package io.lilio.simulation;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.history.Operation;
import io.lilio.object.CompleteUploadRequest;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import io.lilio.object.CreateUploadRequest;
import io.lilio.object.ObjectSource;
import io.lilio.object.PartRequest;
import io.lilio.object.PutResult;
import io.lilio.object.UploadAddress;
import io.lilio.simulation.Requests.Outcome;
import io.lilio.simulation.Values.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** Multipart uploads, on whose parts, completion and abortion all clients race. */
final class Uploads {

    /** Clients work at the newest few, so that they get into each other's way. */
    private static final int AT_ONCE = 2;

    private final Cluster cluster;
    private final Requests requests;
    private final Values values;
    private final History history;
    private final Random random;
    private final List<Open> uploads = new ArrayList<>();

    /** An upload that was begun, and its parts as far as they are known. */
    private record Open(String key, String id, List<Value> parts) {
        UploadAddress address() {
            return new UploadAddress(Requests.at(key), id);
        }
    }

    Uploads(Cluster cluster, Requests requests, Values values, History history, Random random) {
        this.cluster = cluster;
        this.requests = requests;
        this.values = values;
        this.history = history;
        this.random = random;
    }

    void create(String key, SimulatedNode node) {
        var request =
                new CreateUploadRequest(
                        Requests.at(key), Attributes.none(), "client", Optional.empty());
        Outcome<String> outcome =
                requests.ask(
                        "create-upload",
                        node,
                        Phase.Work.WRITE,
                        engine -> engine.objects().uploads().create().create(request));
        if (outcome instanceof Outcome.Done<String>(String id)) {
            uploads.add(new Open(key, id, new ArrayList<>()));
        }
    }

    private Optional<Open> some() {
        if (uploads.isEmpty()) {
            return Optional.empty();
        }
        int back = 1 + random.nextInt(Math.min(AT_ONCE, uploads.size()));
        return Optional.of(uploads.get(uploads.size() - back));
    }

    void uploadPart(SimulatedNode node) {
        some().ifPresent(upload -> uploadPart(upload, node));
    }

    private void uploadPart(Open upload, SimulatedNode node) {
        Value value = values.next(random);
        ObjectSource body = requests.body(value, node);
        var request = new PartRequest(upload.address(), 1, Optional.empty());
        upload.parts().add(value);
        requests.ask(
                "part",
                node,
                Phase.Work.WRITE,
                engine -> engine.objects().uploads().part().upload(request, body));
    }

    void abort(SimulatedNode node) {
        Open upload = some().orElse(null);
        if (upload == null) {
            return;
        }
        Outcome<Boolean> outcome =
                requests.ask(
                        "abort",
                        node,
                        Phase.Work.WRITE,
                        engine -> {
                            engine.objects().uploads().abort().abort(upload.address());
                            return true;
                        });
        if (outcome instanceof Outcome.Done<Boolean>) {
            history.aborted(upload.id(), upload.key());
        }
    }

    /** Others send its part anew at the same time, some of them. */
    private void rival(Open upload) {
        Duration later = Duration.ofMillis(random.nextInt(12));
        requests.beside(later, () -> requests.someNode().ifPresent(n -> uploadPart(upload, n)));
    }

    /**
     * @return the key, if it has become an object
     */
    Optional<String> complete(String client, SimulatedNode node) {
        Open upload = some().orElse(null);
        if (upload == null || upload.parts().isEmpty()) {
            return Optional.empty();
        }
        for (int rivals = random.nextInt(3); rivals > 0; rivals--) {
            rival(upload);
        }
        Value value = upload.parts().get(random.nextInt(upload.parts().size()));
        var request = completion(upload, value);
        long call = cluster.scheduler().nanos();
        Outcome<PutResult> outcome =
                requests.ask(
                        "complete",
                        node,
                        Phase.Work.WRITE,
                        engine -> engine.objects().uploads().complete().complete(request));
        switch (outcome) {
            case Outcome.Done<PutResult>(PutResult result) ->
                    // Whatever part is named: once completed, an upload answers what it became.
                    completed(client, upload, call, cluster.scheduler().nanos(), became(result));
            case Outcome.Unknown<PutResult> _ ->
                    completed(
                            client,
                            upload,
                            call,
                            Operation.NEVER,
                            new Operation.Write(value.name()));
            case Outcome.Failed<PutResult>(Kind _) -> {}
        }
        return outcome instanceof Outcome.Done<PutResult>
                ? Optional.of(upload.key())
                : Optional.empty();
    }

    private static CompleteUploadRequest completion(Open upload, Value part) {
        return new CompleteUploadRequest(
                upload.address(),
                List.of(new CompletedPart(1, Values.etag(part), Optional.empty())),
                Optional.empty(),
                OptionalLong.empty(),
                Conditions.none());
    }

    private void completed(
            String client, Open upload, long call, long end, Operation.Write effect) {
        history.completed(upload.id(), upload.key(), new Operation(client, call, end, effect));
    }

    private Operation.Write became(PutResult result) {
        return new Operation.Write(values.written(result.etag()));
    }
}
