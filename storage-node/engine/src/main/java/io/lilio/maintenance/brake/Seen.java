package io.lilio.maintenance.brake;

import java.util.Optional;
import java.util.UUID;

/**
 * What a node remembers of the metadata that it last saw.
 *
 * @param cluster the cluster's identity
 * @param revision the highest revision seen
 * @param engaged why the brake is engaged, until it is acknowledged
 * @param acknowledged what administrators said so far
 */
public record Seen(
        UUID cluster, long revision, Optional<Engagement> engaged, Acknowledged acknowledged) {

    /**
     * What administrators said.
     *
     * @param times how often the brake was acknowledged: who remembers less was away meanwhile, and
     *     what it remembers counts no more
     * @param orphaned blobs that the next collection may delete whatever their share
     */
    public record Acknowledged(long times, long orphaned) {

        static final Acknowledged NEVER = new Acknowledged(0, 0);

        Acknowledged again(long orphanedBlobs) {
            return new Acknowledged(times + 1, orphanedBlobs);
        }

        Acknowledged usedUp() {
            return new Acknowledged(times, 0);
        }
    }

    /** Metadata seen for the first time. */
    static Seen first(UUID cluster, long revision) {
        return new Seen(cluster, revision, Optional.empty(), Acknowledged.NEVER);
    }

    Seen at(long newRevision) {
        return new Seen(cluster, newRevision, engaged, acknowledged);
    }

    Seen engaged(Engagement why) {
        return new Seen(cluster, revision, Optional.of(why), acknowledged);
    }

    Seen acknowledged(Acknowledged said) {
        return new Seen(cluster, revision, engaged, said);
    }
}
