package io.lilio.admin.api;

import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The cluster, as the node that was asked sees it.
 *
 * @param id the cluster's identity, for ever
 * @param node the node that answers
 * @param version of the software of that node
 * @param featureLevel the newest format that the cluster writes
 * @param metadata where records are kept
 */
@Schema(requiredProperties = {"id", "node", "version", "featureLevel", "metadata"})
public record ClusterStatus(
        UUID id, String node, String version, int featureLevel, Metadata metadata) {

    /**
     * The metadata store.
     *
     * @param type {@code rocksdb}, {@code memory} or {@code etcd}
     * @param healthy whether it answers
     * @param detail what is wrong, for people
     * @param revision how far it is; absent when it does not answer
     */
    @Schema(requiredProperties = {"type", "healthy"})
    public record Metadata(
            @Schema(enumeration = {"rocksdb", "memory", "etcd"}) String type,
            boolean healthy,
            @Nullable String detail,
            @Nullable Long revision) {}
}
