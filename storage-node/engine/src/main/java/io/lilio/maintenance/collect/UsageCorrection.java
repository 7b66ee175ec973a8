package io.lilio.maintenance.collect;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.usage.Usage;
import io.lilio.catalog.usage.UsageRecords;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Puts the records of buckets' usage right after a walk has counted all of it. */
public final class UsageCorrection {

    private static final int PAGE = 1_000;

    private final UsageRecords usage;
    private final Buckets buckets;

    public UsageCorrection(UsageRecords usage, Buckets buckets) {
        this.usage = usage;
        this.buckets = buckets;
    }

    /**
     * Corrects what buckets are said to hold, and forgets buckets that are gone: what was counted
     * for them after their deletion would stay for ever.
     *
     * @param counted all that was found, by bucket
     */
    void correct(Map<UUID, Usage> counted) {
        counted.forEach(usage::correct);
        // Before the buckets are read: whatever has a record now is or was a bucket by then.
        Set<UUID> recorded = usage.all().keySet();
        Set<UUID> living = living();
        for (UUID bucket : recorded) {
            if (!living.contains(bucket)) {
                usage.forget(bucket);
            } else if (!counted.containsKey(bucket)) {
                usage.correct(bucket, Usage.none());
            }
        }
    }

    private Set<UUID> living() {
        Set<UUID> living = new HashSet<>();
        List<Bucket> page = buckets.list(null, PAGE);
        while (!page.isEmpty()) {
            page.forEach(bucket -> living.add(bucket.id()));
            page = buckets.list(page.getLast().name(), PAGE);
        }
        return living;
    }
}
