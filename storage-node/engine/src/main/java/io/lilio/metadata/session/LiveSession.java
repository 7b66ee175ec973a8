package io.lilio.metadata.session;

import java.time.Duration;
import java.util.List;

/**
 * A session that lived at one revision.
 *
 * @param incarnation the revision that created it: names it for ever
 * @param owner the node whose session it is
 * @param mark no request of it that is in flight began before this revision
 * @param markRevision the revision at which the mark was written
 */
public record LiveSession(long incarnation, Node owner, long mark, long markRevision) {

    /**
     * Who has a session, as it says itself.
     *
     * @param name the node's name
     * @param address where its peers reach it, host:port; empty when it has none
     * @param process the incarnation of the first session of its process: names the process for
     *     ever, whatever sessions it has
     * @param members the backends that it hosts
     * @param ttl how long the session outlives its last sign of life
     */
    public record Node(
            String name, String address, long process, List<HostedMember> members, Duration ttl) {
        public Node {
            members = List.copyOf(members);
        }
    }

    /** The node's name. */
    public String node() {
        return owner.name();
    }

    /** Where its peers reach it, host:port; empty when it has none. */
    public String address() {
        return owner.address();
    }
}
