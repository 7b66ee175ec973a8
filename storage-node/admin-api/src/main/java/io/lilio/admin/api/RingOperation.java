package io.lilio.admin.api;

import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A change of the ring.
 *
 * @param id given by whoever asked for it
 * @param type {@code ADMIT}, {@code DRAIN}, {@code CANCEL}, {@code MARK_LOST}, {@code REPLACE},
 *     {@code REWEIGH}, {@code RELOCATE}, {@code READMIT} or {@code REMOVE}
 * @param token grows with each change
 * @param targets the members that it is about
 */
@Schema(requiredProperties = {"id", "type", "token", "targets"})
public record RingOperation(
        UUID id,
        @Schema(
                        enumeration = {
                            "ADMIT",
                            "DRAIN",
                            "CANCEL",
                            "MARK_LOST",
                            "REPLACE",
                            "REWEIGH",
                            "RELOCATE",
                            "READMIT",
                            "REMOVE"
                        })
                String type,
        long token,
        List<UUID> targets) {

    public RingOperation {
        targets = List.copyOf(targets);
    }
}
