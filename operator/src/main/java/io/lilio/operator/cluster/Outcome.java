package io.lilio.operator.cluster;

import io.lilio.crd.cluster.ClusterOperation;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.operator.plan.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of a pass.
 *
 * @param again when to look again at the latest; zero: at once
 * @param finished of a deletion: whether the resource may go
 * @param hold why nothing more is done now; empty when nothing is waited for
 * @param operation what is under way
 */
public record Outcome(
        Duration again, boolean finished, Optional<ClusterReason> hold, Optional<Work> operation) {

    /** How often a cluster is looked at of which nothing is heard. */
    static final Duration IDLE = Duration.ofSeconds(30);

    /** And one that changes. */
    static final Duration BUSY = Duration.ofSeconds(5);

    /** And one where somebody has to do something first. */
    static final Duration HELD = Duration.ofSeconds(15);

    /** Somebody else wrote meanwhile. */
    static final Duration CONFLICT = Duration.ofSeconds(1);

    /**
     * What is under way.
     *
     * @param phase as in status
     * @param startedAt when it was begun
     */
    public record Work(ClusterOperation.Type type, String phase, Instant startedAt) {}

    /** Of a pass over a cluster that is there and stays. */
    static Outcome of(Report report, Duration again) {
        Optional<ClusterReason> hold =
                report.faults().stream()
                        .filter(Fault::holds)
                        .map(Fault::reason)
                        .findFirst()
                        .or(() -> report.hold().map(Hold::reason).map(Reasons::of));
        return new Outcome(
                again,
                false,
                hold,
                report.operation()
                        .map(
                                operation ->
                                        new Work(
                                                OperationRecord.type(operation.type()),
                                                OperationRecord.text(operation.phase()),
                                                operation.startedAt())));
    }

    /** Nothing is waited for. */
    static Outcome in(Duration again) {
        return new Outcome(again, false, Optional.empty(), Optional.empty());
    }

    /** The resource may go. */
    static Outcome gone() {
        return new Outcome(IDLE, true, Optional.empty(), Optional.empty());
    }
}
