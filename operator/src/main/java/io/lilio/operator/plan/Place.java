package io.lilio.operator.plan;

/**
 * Where a Kubernetes node is.
 *
 * @param host the machine
 * @param zone its failure zone; empty for none
 */
public record Place(String host, String zone) {}
