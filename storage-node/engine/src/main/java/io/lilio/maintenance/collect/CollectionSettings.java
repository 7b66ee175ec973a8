package io.lilio.maintenance.collect;

import java.time.Duration;

/**
 * The bounds of a full collection.
 *
 * @param maxSuspects blobs held in memory before the owners are walked, 1 or more
 * @param maxWait how long it waits for requests in flight after the walk, before it gives up
 */
public record CollectionSettings(int maxSuspects, Duration maxWait) {

    /** A million blobs, a day. */
    public static final CollectionSettings DEFAULTS =
            new CollectionSettings(1_000_000, Duration.ofDays(1));

    public CollectionSettings {
        if (maxSuspects < 1 || !maxWait.isPositive()) {
            throw new IllegalArgumentException(
                    "a collection holds at least one suspect and waits a while: %d, %s"
                            .formatted(maxSuspects, maxWait));
        }
    }
}
