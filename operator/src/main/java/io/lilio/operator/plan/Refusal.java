package io.lilio.operator.plan;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A change that the ring has refused lately: it is not asked for again yet, and what comes after it
 * is done meanwhile.
 *
 * @param type what was to be done
 * @param members whom it was about
 * @param hold what to tell people; empty where the ring had only moved on
 */
public record Refusal(Operation.Type type, List<UUID> members, Optional<Hold> hold) {

    public Refusal {
        members = List.copyOf(members);
    }

    boolean concerns(Operation operation) {
        return type == operation.type() && members.equals(operation.members());
    }
}
