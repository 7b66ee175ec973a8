package io.lilio.maintenance.brake;

import java.util.Optional;
import java.util.UUID;

/**
 * What a node remembers of the metadata that it last saw.
 *
 * @param cluster the cluster's identity
 * @param revision the highest revision seen
 * @param engaged why the brake is engaged, until it is acknowledged
 */
public record Seen(UUID cluster, long revision, Optional<String> engaged) {}
