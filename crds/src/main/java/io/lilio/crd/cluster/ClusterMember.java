package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * A volume with an identity in the ring.
 *
 * @param id its identity, never used again
 * @param pod the storage pod that has it; absent when no pod has
 * @param host the node of Kubernetes that it counts to
 * @param zone the zone that it counts to; absent where there are no zones
 * @param state what the ring uses it for
 * @param health how its volume fares
 */
@ResourcePart
public record ClusterMember(
        @Required @Size(min = Syntax.UUID_LENGTH, max = Syntax.UUID_LENGTH) @Pattern(Syntax.UUID)
                String id,
        @Size(max = Syntax.SUBDOMAIN_MAX) @Nullable String pod,
        @Size(max = Syntax.SUBDOMAIN_MAX) @Nullable String host,
        @Size(max = Syntax.SUBDOMAIN_MAX) @Nullable String zone,
        @Required @OpenEnum State state,
        @OpenEnum @Nullable Health health) {

    /** What the ring uses a member for. */
    public enum State {
        /** Announced by its node, and not admitted yet. */
        JOINING,
        /** Holds data, and takes new ones. */
        ACTIVE,
        /** Gives its data away; read, not written. */
        DRAINING,
        /** Gave its data away; its identity never comes back. */
        REMOVED,
        /** Given up by an administrator. */
        LOST,
        /** Lost, and there again: read for repair, counted nowhere. */
        RETURNED
    }

    /** How a volume fares. */
    public enum Health {
        /** It is read and written. */
        UP,
        /** It is read, and has no room. */
        FULL,
        /** It is read, and cannot be written. */
        READ_ONLY,
        /** It cannot be used. */
        FAILED,
        /** Its node does not answer. */
        UNKNOWN
    }
}
