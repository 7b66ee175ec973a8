package io.lilio.operator.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of a pass, over whatever kind of resource.
 *
 * @param again when to look again at the latest; zero: at once
 * @param finished of a deletion: whether the resource may go
 * @param hold why nothing more is done now, as in a condition
 * @param operation what is under way
 */
record Report(Duration again, boolean finished, Optional<String> hold, Optional<Work> operation) {

    /** What is under way, as one word each. */
    record Work(String type, String phase, Instant startedAt) {}

    static Report of(io.lilio.operator.cluster.Outcome outcome) {
        return new Report(
                outcome.again(),
                outcome.finished(),
                outcome.hold().map(reason -> reason.text()),
                outcome.operation()
                        .map(
                                work ->
                                        new Work(
                                                work.type().name().toLowerCase(Locale.ROOT),
                                                work.phase(),
                                                work.startedAt())));
    }

    static Report of(io.lilio.operator.bucket.Outcome outcome) {
        return new Report(
                outcome.again(),
                outcome.finished(),
                outcome.hold().map(reason -> reason.text()),
                Optional.empty());
    }
}
