package io.lilio.catalog.ring;

import io.lilio.placement.EndedOperation;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import java.util.Optional;
import java.util.UUID;

/**
 * What came of asking for a ring change.
 *
 * @param ring as it is now
 * @param operation the change
 * @param outcome how it ended; empty while it is under way
 */
public record RingChange(
        Ring ring, RingOperation operation, Optional<EndedOperation.Outcome> outcome) {

    /** The change of that name, if the ring is under it or remembers it. */
    static Optional<RingChange> find(Ring ring, UUID operationId) {
        Optional<RingChange> running =
                ring.operation()
                        .filter(operation -> operation.id().equals(operationId))
                        .map(operation -> new RingChange(ring, operation, Optional.empty()));
        return running.or(
                () ->
                        ring.ended().stream()
                                .filter(ended -> ended.operation().id().equals(operationId))
                                .findFirst()
                                .map(
                                        ended ->
                                                new RingChange(
                                                        ring,
                                                        ended.operation(),
                                                        Optional.of(ended.outcome()))));
    }
}
