package io.lilio.metadata.session;

import java.util.UUID;

/**
 * A backend, as the node that hosts it announces it.
 *
 * @param id its identity
 * @param name unique in its node
 * @param host the machine under the node
 * @param zone the failure zone; empty when there are none
 * @param weight its share relative to the others
 */
public record HostedMember(UUID id, String name, String host, String zone, int weight) {}
