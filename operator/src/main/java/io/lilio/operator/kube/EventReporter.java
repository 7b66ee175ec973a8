package io.lilio.operator.kube;

/**
 * Who tells Events.
 *
 * @param controller what it is, the same for all replicas
 * @param instance which of them
 */
public record EventReporter(String controller, String instance) {}
