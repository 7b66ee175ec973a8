package io.lilio.admin.api;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a member fares, as the node that was asked sees it.
 *
 * @param id its identity
 * @param state in the ring, as in {@link RingStatus.RingMember}
 * @param local whether its bytes are in the node that answers
 * @param answered whether it said how it fares, within the time that the answer waits for; if not,
 *     {@code health} and {@code usage} are absent
 * @param health how its medium fares
 * @param usage what it holds
 * @param calls how calls to it go; absent when the node that answers does not reach it
 */
@Schema(requiredProperties = {"id", "name", "node", "state", "local", "answered"})
public record MemberStatus(
        UUID id,
        String name,
        String node,
        @Schema(enumeration = {"JOINING", "ACTIVE", "DRAINING", "REMOVED", "LOST", "RETURNED"})
                String state,
        boolean local,
        boolean answered,
        @Nullable Health health,
        @Nullable Usage usage,
        @Nullable Calls calls) {

    /**
     * @param state {@code UP}, {@code FULL}, {@code READ_ONLY} or {@code FAILED}
     * @param detail for people; empty when all is well
     * @param capacityBytes size of its medium; absent when unknown
     * @param freeBytes what can still be written; absent when unknown
     */
    @Schema(requiredProperties = {"state", "detail"})
    public record Health(
            @Schema(enumeration = {"UP", "FULL", "READ_ONLY", "FAILED"}) String state,
            String detail,
            @Nullable Long capacityBytes,
            @Nullable Long freeBytes) {}

    /**
     * @param chunks stored chunks
     * @param payloadBytes their payload
     * @param storedBytes what they take on the medium
     * @param unconfirmed chunks of which it is not known yet that all members have them
     * @param unconfirmedSince since when the oldest of them is, or counts again, by the member's
     *     own clock; absent when there is none, and when it could not tell
     * @param lacking whether it lost chunks, and no repair has said since that it has all of them
     */
    @Schema(
            requiredProperties = {
                "chunks",
                "payloadBytes",
                "storedBytes",
                "unconfirmed",
                "lacking"
            })
    public record Usage(
            long chunks,
            long payloadBytes,
            long storedBytes,
            long unconfirmed,
            @Nullable Instant unconfirmedSince,
            boolean lacking) {}

    /**
     * @param reads {@code CLOSED} when it is asked, {@code OPEN} when it is left alone for a while
     *     since it keeps failing, {@code HALF_OPEN} when the next call decides
     * @param writes the same of calls that change something
     * @param hanging calls that take longer than they may
     */
    @Schema(requiredProperties = {"reads", "writes", "hanging"})
    public record Calls(
            @Schema(enumeration = {"CLOSED", "OPEN", "HALF_OPEN"}) String reads,
            @Schema(enumeration = {"CLOSED", "OPEN", "HALF_OPEN"}) String writes,
            int hanging) {}
}
