package io.lilio.maintenance.collect;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.usage.Usage;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.maintenance.run.Run;
import io.lilio.metadata.session.Sessions;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Puts the records of buckets' usage right after a walk has counted all of it. Of changes during
 * the walk it has counted some and not others, so whatever lies between what buckets were said to
 * hold before it and what they are said to hold afterwards is no error.
 */
public final class UsageCorrection {

    private static final Duration POLL = Duration.ofMillis(200);

    private final UsageRecords usage;
    private final Buckets buckets;
    private final Sessions sessions;
    private final Time time;
    private final Duration othersWriteWithin;

    /**
     * @param othersWriteWithin how long other nodes may take to write what they have counted
     */
    public UsageCorrection(
            UsageRecords usage,
            Buckets buckets,
            Sessions sessions,
            Time time,
            Duration othersWriteWithin) {
        this.usage = usage;
        this.buckets = buckets;
        this.sessions = sessions;
        this.time = time;
        this.othersWriteWithin = othersWriteWithin;
    }

    /** What buckets are said to hold: to be asked before a walk begins. */
    Map<UUID, Usage> before() {
        return usage.all();
    }

    /**
     * Corrects what buckets are said to hold, and forgets buckets that are gone: what was counted
     * for them after their deletion would stay for ever. Where something seems wrong, other nodes
     * get the time to write first what they have counted, or it would count twice.
     *
     * @param before what they were said to hold when the walk began
     * @param counted all that was found, by bucket
     */
    void correct(Map<UUID, Usage> before, Map<UUID, Usage> counted, Run run) {
        if (!errors(before, counted).isEmpty() && sessions.live().sessions().size() > 1) {
            letOthersWrite(run);
        }
        Map<UUID, Usage> errors = errors(before, counted);
        // Before the buckets are read: whatever has a record now is or was a bucket by then.
        Set<UUID> recorded = usage.all().keySet();
        Set<UUID> living = living();
        errors.keySet().retainAll(living);
        errors.forEach(usage::correct);
        recorded.stream().filter(bucket -> !living.contains(bucket)).forEach(usage::forget);
    }

    private void letOthersWrite(Run run) {
        long begun = time.nanos();
        while (time.nanos() - begun < othersWriteWithin.toNanos()) {
            run.pause(time, POLL);
        }
    }

    private Map<UUID, Usage> errors(Map<UUID, Usage> before, Map<UUID, Usage> counted) {
        Map<UUID, Usage> now = usage.all();
        Set<UUID> known = new HashSet<>(now.keySet());
        known.addAll(counted.keySet());
        Map<UUID, Usage> errors = new HashMap<>();
        for (UUID bucket : known) {
            Usage error = of(counted, bucket).beyond(of(before, bucket), of(now, bucket));
            if (!error.isNone()) {
                errors.put(bucket, error);
            }
        }
        return errors;
    }

    private static Usage of(Map<UUID, Usage> usage, UUID bucket) {
        return usage.getOrDefault(bucket, Usage.none());
    }

    private Set<UUID> living() {
        Set<UUID> living = new HashSet<>();
        buckets.each(bucket -> living.add(bucket.id()));
        return living;
    }
}
