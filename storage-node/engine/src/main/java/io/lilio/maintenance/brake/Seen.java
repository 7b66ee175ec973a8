package io.lilio.maintenance.brake;

import io.lilio.metadata.Progress;
import java.util.Optional;
import java.util.UUID;

/**
 * What a node remembers of the metadata that it last saw.
 *
 * @param cluster the cluster's identity
 * @param progress the furthest that they were seen; a directory that remembers fewer
 *     acknowledgements than another was away meanwhile, and what it remembers counts no more
 * @param engaged why the brake is engaged, until it is acknowledged
 */
public record Seen(UUID cluster, Progress progress, Optional<Engagement> engaged) {

    Seen at(Progress further) {
        return new Seen(cluster, further, engaged);
    }

    Seen engaged(Engagement why) {
        return new Seen(cluster, progress, Optional.of(why));
    }
}
