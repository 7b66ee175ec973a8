package io.lilio.admin.api;

import java.util.UUID;

/**
 * A change of the ring.
 *
 * @param id given by whoever asked for it
 * @param type {@code ADMIT}, {@code DRAIN}, {@code CANCEL}, {@code MARK_LOST}, {@code REPLACE},
 *     {@code REWEIGH}, {@code READMIT} or {@code REMOVE}
 * @param token grows with each change
 */
public record RingOperation(UUID id, String type, long token) {}
