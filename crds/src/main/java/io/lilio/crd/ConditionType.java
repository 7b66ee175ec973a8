package io.lilio.crd;

/** What a condition is about. */
public interface ConditionType {

    /** As it stands in the resource, such as {@code Ready}. */
    String text();
}
