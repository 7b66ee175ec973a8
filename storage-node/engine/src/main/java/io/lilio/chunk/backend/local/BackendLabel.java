package io.lilio.chunk.backend.local;

import java.util.UUID;

/**
 * Who a data directory is.
 *
 * @param cluster the cluster whose chunks it holds
 * @param member the identity of this backend in the ring; never used for another
 * @param backend the backend's name on its node
 * @param node the node it belongs to
 */
public record BackendLabel(UUID cluster, UUID member, String backend, String node) {}
