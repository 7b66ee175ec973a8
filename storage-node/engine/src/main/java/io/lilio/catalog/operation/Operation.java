package io.lilio.catalog.operation;

import io.lilio.metadata.Bytes;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A maintenance run as the metadata know it. The record holds the result, not the process that runs
 * it. A run that was asked for has an id of its own; those that nodes begin by themselves have
 * their kind for an id, each in place of the one before.
 *
 * @param revision the metadata revision at which this was stored; 0 before it is
 * @param id names the run
 * @param kind what is run
 * @param request how it was asked for
 * @param runner who runs it
 * @param progress how far it is
 */
public record Operation(
        long revision, String id, String kind, Request request, Runner runner, Progress progress) {

    /**
     * How a run was asked for.
     *
     * @param maxBytesPerSecond payload that it reads or copies at most; 0: as configured where it
     *     runs
     * @param started when it was asked for, or began by itself; for people
     * @param cancelled whether it is to end soon
     */
    public record Request(long maxBytesPerSecond, Instant started, boolean cancelled) {}

    /**
     * Who runs it.
     *
     * @param name for people; empty when nobody does
     * @param token of this runner; one that finds another here has been superseded
     * @param since when it took the run up
     * @param partitionsBefore what had been done before
     * @param bytesBefore the same
     */
    public record Runner(
            String name, long token, Instant since, long partitionsBefore, long bytesBefore) {}

    /**
     * How far it is.
     *
     * @param updated when this was written, for people
     * @param finished when it ended
     * @param checkpoint where to resume, known to the kind alone; empty at the beginning
     * @param result what came of it so far
     */
    public record Progress(
            OperationState state,
            Instant updated,
            Optional<Instant> finished,
            Bytes checkpoint,
            Result result) {

        /**
         * What came of it so far.
         *
         * @param counts by name
         * @param message for people
         */
        public record Result(SortedMap<String, Long> counts, String message) {

            /** Nothing yet. */
            static final Result NONE = new Result(new TreeMap<>(), "");

            public Result {
                counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
            }
        }
    }

    /** A run that is asked for. */
    public static Operation requested(String id, String kind, long maxBytesPerSecond, Instant now) {
        return new Operation(
                0,
                id,
                kind,
                new Request(maxBytesPerSecond, now, false),
                new Runner("", 0, now, 0, 0),
                new Progress(
                        OperationState.REQUESTED,
                        now,
                        Optional.empty(),
                        Bytes.empty(),
                        Progress.Result.NONE));
    }

    /** A run that begins now. */
    public static Operation begin(String id, String kind, long token, Instant now) {
        return requested(id, kind, 0, now).takenUp("", token, now);
    }

    /** How it stands. */
    public OperationState state() {
        return progress.state();
    }

    /** When it was asked for, or began by itself. */
    public Instant started() {
        return request.started();
    }

    /** When this was written. */
    public Instant updated() {
        return progress.updated();
    }

    /** When it ended. */
    public Optional<Instant> finished() {
        return progress.finished();
    }

    /** Where to resume; empty at the beginning. */
    public Bytes checkpoint() {
        return progress.checkpoint();
    }

    /** Results, by name. */
    public SortedMap<String, Long> counts() {
        return progress.result().counts();
    }

    /** For people. */
    public String message() {
        return progress.result().message();
    }

    /** The token of its runner. */
    public long token() {
        return runner.token();
    }

    /** Whether a node began it by itself. */
    public boolean ownOfNodes() {
        return id.equals(kind);
    }

    /** The same run taken up by another runner. */
    public Operation takenUp(String by, long byToken, Instant now) {
        return with(
                request,
                new Runner(by, byToken, now, count("partitions"), count("bytes")),
                new Progress(
                        OperationState.RUNNING,
                        now,
                        Optional.empty(),
                        checkpoint(),
                        progress.result()));
    }

    private long count(String name) {
        return counts().getOrDefault(name, 0L);
    }

    /** The same run, further on. */
    public Operation progressed(Bytes to, SortedMap<String, Long> counted, Instant now) {
        return with(
                request,
                runner,
                new Progress(
                        state(), now, finished(), to, new Progress.Result(counted, message())));
    }

    /** The same run, ended. */
    public Operation ended(OperationState how, String why, Instant now) {
        return with(
                request,
                runner,
                new Progress(
                        how,
                        now,
                        Optional.of(now),
                        checkpoint(),
                        new Progress.Result(counts(), why)));
    }

    /** The same run, to be ended soon by whoever runs it. */
    public Operation withCancelRequested() {
        return with(
                new Request(request.maxBytesPerSecond(), request.started(), true),
                runner,
                progress);
    }

    private Operation with(Request newRequest, Runner newRunner, Progress newProgress) {
        return new Operation(revision, id, kind, newRequest, newRunner, newProgress);
    }

    /** The same, as stored at a revision. */
    public Operation atRevision(long stored) {
        return new Operation(stored, id, kind, request, runner, progress);
    }
}
