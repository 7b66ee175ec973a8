package io.lilio.admin.api;

import java.util.List;
import java.util.UUID;

/**
 * A change of the ring.
 *
 * @param id given by whoever asked for it
 * @param type {@code ADMIT}, {@code DRAIN}, {@code CANCEL}, {@code MARK_LOST}, {@code REPLACE},
 *     {@code REWEIGH}, {@code READMIT} or {@code REMOVE}
 * @param token grows with each change
 * @param targets the members that it is about
 */
public record RingOperation(UUID id, String type, long token, List<UUID> targets) {

    public RingOperation {
        targets = List.copyOf(targets);
    }
}
