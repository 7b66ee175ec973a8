package io.lilio.catalog.operation;

import io.lilio.metadata.Bytes;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A maintenance run as the metadata know it. The record holds the result, not the process that runs
 * it.
 *
 * @param revision the metadata revision at which this was stored; 0 before it is
 * @param id names the run
 * @param kind what is run
 * @param token of the runner; one that finds another here has been superseded
 * @param started when it began, for people
 * @param updated when this was written, for people
 * @param finished when it ended
 * @param checkpoint where to resume, known to the kind alone; empty at the beginning
 * @param counts results, by name
 * @param message for people
 */
public record Operation(
        long revision,
        String id,
        String kind,
        OperationState state,
        long token,
        Instant started,
        Instant updated,
        Optional<Instant> finished,
        Bytes checkpoint,
        SortedMap<String, Long> counts,
        String message) {

    public Operation {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** A run that begins now. */
    public static Operation begin(String id, String kind, long token, Instant now) {
        return new Operation(
                0,
                id,
                kind,
                OperationState.RUNNING,
                token,
                now,
                now,
                Optional.empty(),
                Bytes.empty(),
                new TreeMap<>(),
                "");
    }

    /** The same run taken up by another runner. */
    public Operation takenUp(long byToken, Instant now) {
        return new Operation(
                revision,
                id,
                kind,
                state,
                byToken,
                started,
                now,
                finished,
                checkpoint,
                counts,
                message);
    }

    /** The same run, further on. */
    public Operation progressed(Bytes to, SortedMap<String, Long> counted, Instant now) {
        return new Operation(
                revision, id, kind, state, token, started, now, finished, to, counted, message);
    }

    /** The same run, ended. */
    public Operation ended(OperationState how, String why, Instant now) {
        return new Operation(
                revision,
                id,
                kind,
                how,
                token,
                started,
                now,
                Optional.of(now),
                checkpoint,
                counts,
                why);
    }

    /** The same, as stored at a revision. */
    public Operation atRevision(long stored) {
        return new Operation(
                stored,
                id,
                kind,
                state,
                token,
                started,
                updated,
                finished,
                checkpoint,
                counts,
                message);
    }
}
