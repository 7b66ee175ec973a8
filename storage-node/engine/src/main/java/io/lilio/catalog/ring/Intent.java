package io.lilio.catalog.ring;

import java.util.UUID;

/**
 * Who asks for a ring change, so that asking again is recognised and a change that others made
 * meanwhile is noticed.
 *
 * @param operationId made by whoever asks; the same when it asks again
 * @param expectedEpoch the newest epoch of the ring that it has looked at
 * @param ignoresCapacity whether members are filled although they may not hold what they get, or
 *     although that cannot be known
 */
public record Intent(UUID operationId, long expectedEpoch, boolean ignoresCapacity) {

    /** One that overfills nobody. */
    public Intent(UUID operationId, long expectedEpoch) {
        this(operationId, expectedEpoch, false);
    }

    public Intent ignoringCapacity() {
        return new Intent(operationId, expectedEpoch, true);
    }
}
