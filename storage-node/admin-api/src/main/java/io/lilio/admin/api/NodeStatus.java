package io.lilio.admin.api;

import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A node that lives: it has a session in the metadata.
 *
 * @param name unique in the cluster
 * @param address where its peers reach it; empty when it has none
 * @param process the incarnation of its process's first session: another one after a restart
 * @param incarnation of its session
 * @param mark no request of it that is in flight began before this metadata revision
 * @param members the backends that it hosts
 */
@Schema(requiredProperties = {"name", "address", "process", "incarnation", "mark", "members"})
public record NodeStatus(
        String name,
        String address,
        long process,
        long incarnation,
        long mark,
        List<NodeMember> members) {

    public NodeStatus {
        members = List.copyOf(members);
    }

    /**
     * A backend, as its node announces it.
     *
     * @param id the member's identity
     * @param zone empty for none
     */
    @Schema(requiredProperties = {"id", "name", "zone"})
    public record NodeMember(UUID id, String name, String zone) {}
}
