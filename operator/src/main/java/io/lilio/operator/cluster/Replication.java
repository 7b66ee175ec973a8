package io.lilio.operator.cluster;

import io.lilio.admin.api.RingStatus;
import io.lilio.crd.cluster.ReplicationSpec;
import io.lilio.crd.cluster.ReplicationSpec.Spread;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * How copies are kept, with what a spec leaves open derived as storage nodes do.
 *
 * @param factor N
 * @param writeQuorum W
 * @param readQuorum R
 * @param spread as a ring tells it
 */
record Replication(int factor, int writeQuorum, int readQuorum, String spread) {

    /** What a spec asks for. */
    static Replication of(ReplicationSpec spec) {
        int write = Objects.requireNonNullElse(spec.writeQuorum(), spec.factor() / 2 + 1);
        int read = Objects.requireNonNullElse(spec.readQuorum(), spec.factor() - write + 1);
        return new Replication(spec.factor(), write, read, spec.spread().name());
    }

    /** What a ring keeps, as a spec that asks for it; empty where no spec can. */
    static Optional<ReplicationSpec> spec(RingStatus.Replication ring) {
        return Arrays.stream(Spread.values())
                .filter(spread -> spread.name().equals(ring.spread()))
                .findFirst()
                .map(
                        spread ->
                                new ReplicationSpec(
                                        ring.factor(),
                                        ring.writeQuorum(),
                                        ring.readQuorum(),
                                        spread));
    }

    boolean isOf(RingStatus.Replication ring) {
        return factor == ring.factor()
                && writeQuorum == ring.writeQuorum()
                && readQuorum == ring.readQuorum()
                && spread.equals(ring.spread());
    }
}
