package io.lilio.operator.plan;

import io.lilio.admin.api.BrakeStatus;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the admin API answered, all of it just now.
 *
 * @param cluster who it is, and how its metadata fare
 * @param ring members, partitions, the change under way
 * @param members how they fare
 * @param views how they fare as each node sees it, by the node's name; only of nodes that had to be
 *     asked, and that answered
 * @param brake whether deletion is stopped
 * @param change what became of the command of the operation under way; empty when there is none, or
 *     it was not sent yet
 * @param run the rebalance that carries out the change under way; empty when nobody began it
 */
public record Answers(
        ClusterStatus cluster,
        RingStatus ring,
        List<MemberStatus> members,
        Map<String, List<MemberStatus>> views,
        BrakeStatus brake,
        Optional<Change> change,
        Optional<OperationStatus> run) {

    public Answers {
        members = List.copyOf(members);
        views = Map.copyOf(views);
    }

    /** The same, with what became of the command. */
    Answers with(Change became) {
        return new Answers(cluster, ring, members, views, brake, Optional.of(became), run);
    }

    /** What became of a command. */
    public sealed interface Change {

        /** The ring has it under way. */
        record UnderWay() implements Change {}

        /**
         * It has ended.
         *
         * @param done false when it was cancelled or superseded
         */
        record Ended(boolean done) implements Change {}

        /**
         * It was refused, and nothing has changed.
         *
         * @param code as in {@link io.lilio.admin.api.ApiError}
         * @param message for people
         */
        record Refused(String code, String message) implements Change {}
    }
}
