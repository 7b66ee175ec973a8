package io.lilio.crd;

/** Why a condition has its status. */
public interface ConditionReason {

    /** As it stands in the resource, such as {@code InsufficientCapacity}. */
    String text();
}
