package io.lilio.admin.api;

import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A run of maintenance: asked for by an id, or begun by a node itself, when its kind is its id.
 *
 * @param id names it
 * @param kind {@code rebalance}, {@code repair}, {@code scrub} or {@code gc}
 * @param state {@code REQUESTED}, {@code RUNNING} (or left off by a process that is gone, and
 *     resumed by the next), {@code SUCCEEDED}, {@code INCOMPLETE} (over, and something is left,
 *     which {@code message} tells), {@code FAILED} or {@code CANCELLED}
 * @param cancelRequested whether it is to end soon
 * @param requested when it was asked for
 * @param updated when it last said how far it is
 * @param finished when it ended; absent while it has not
 * @param runner who runs it; absent when nobody has taken it up
 * @param message for people; empty when there is nothing to say
 * @param progress how far it is
 * @param counts what it counted, by name; each is described in docs/admin.md
 */
@Schema(
        requiredProperties = {
            "id",
            "kind",
            "state",
            "cancelRequested",
            "requested",
            "updated",
            "message",
            "progress",
            "counts"
        })
public record OperationStatus(
        String id,
        @Schema(enumeration = {"rebalance", "repair", "scrub", "gc"}) String kind,
        @Schema(
                        enumeration = {
                            "REQUESTED",
                            "RUNNING",
                            "SUCCEEDED",
                            "INCOMPLETE",
                            "FAILED",
                            "CANCELLED"
                        })
                String state,
        boolean cancelRequested,
        Instant requested,
        Instant updated,
        @Nullable Instant finished,
        @Nullable String runner,
        String message,
        Progress progress,
        Map<String, Long> counts) {

    public OperationStatus {
        counts = Map.copyOf(counts);
    }

    /**
     * How far a run is. What is not known is absent. Totals are of the moment when it began, and
     * stay when it has ended.
     *
     * @param partitionsDone those that are done
     * @param partitionsTotal those that there were to be done
     * @param objectsDone copies of chunks that a scrub has read, a rebalance made, a repair or a gc
     *     looked at
     * @param objectsTotal those that there were on the members that answered, about
     * @param bytesDone payload read or copied
     * @param bytesTotal what there was to be read or copied, about; absent of a repair, which knows
     *     only when it is done, and of a gc, which reads none
     * @param bytesPerSecond since its runner took it up
     * @param estimatedEnd if it goes on as fast as it went
     */
    @Schema(requiredProperties = {"partitionsDone", "objectsDone", "bytesDone"})
    public record Progress(
            long partitionsDone,
            @Nullable Long partitionsTotal,
            long objectsDone,
            @Nullable Long objectsTotal,
            long bytesDone,
            @Nullable Long bytesTotal,
            @Nullable Long bytesPerSecond,
            @Nullable Instant estimatedEnd) {}
}
