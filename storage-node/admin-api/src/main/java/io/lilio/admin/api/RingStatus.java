package io.lilio.admin.api;

import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The ring: who is a member, and how far its partitions are.
 *
 * @param revision the metadata revision at which this document was stored
 * @param epoch rises whenever chunks are placed anew; what a command has to expect
 * @param oldestEpoch the oldest whose placement is still needed
 * @param partitions how many partitions there are, for ever
 * @param virtualNodes positions of a member of weight 1 when chunks are placed, for ever
 * @param settled those whose chunks are all where the newest epoch places them
 * @param unsettled the others
 * @param replication quorums
 * @param members all that there ever were
 * @param operation the change under way
 * @param featureLevel the newest format that the cluster writes
 */
@Schema(
        requiredProperties = {
            "revision",
            "epoch",
            "oldestEpoch",
            "partitions",
            "virtualNodes",
            "settled",
            "unsettled",
            "replication",
            "members",
            "featureLevel"
        })
public record RingStatus(
        long revision,
        long epoch,
        long oldestEpoch,
        int partitions,
        int virtualNodes,
        int settled,
        int unsettled,
        Replication replication,
        List<RingMember> members,
        @Nullable RingOperation operation,
        int featureLevel) {

    public RingStatus {
        members = List.copyOf(members);
    }

    /**
     * How many replicas there are, and how many have to answer.
     *
     * @param factor N
     * @param writeQuorum W
     * @param readQuorum R
     * @param spread {@code HOST} or {@code ZONE}
     * @param strictReads whether a read waits for R confirmations before its first byte
     */
    @Schema(requiredProperties = {"factor", "writeQuorum", "readQuorum", "spread", "strictReads"})
    public record Replication(
            int factor,
            int writeQuorum,
            int readQuorum,
            @Schema(enumeration = {"HOST", "ZONE"}) String spread,
            boolean strictReads) {}

    /**
     * A member.
     *
     * @param id its identity
     * @param name the backend's name in its node's configuration
     * @param host the machine under its node
     * @param zone the failure zone; empty for none
     * @param weight its share relative to the others
     * @param state {@code JOINING}, {@code ACTIVE}, {@code DRAINING}, {@code REMOVED}, {@code LOST}
     *     or {@code RETURNED}
     * @param partitions those that the newest placement gives it
     * @param needed whether some placement that is still needed names it
     */
    @Schema(
            requiredProperties = {
                "id",
                "name",
                "node",
                "host",
                "zone",
                "weight",
                "state",
                "partitions",
                "needed"
            })
    public record RingMember(
            UUID id,
            String name,
            String node,
            String host,
            String zone,
            int weight,
            @Schema(enumeration = {"JOINING", "ACTIVE", "DRAINING", "REMOVED", "LOST", "RETURNED"})
                    String state,
            int partitions,
            boolean needed) {}
}
