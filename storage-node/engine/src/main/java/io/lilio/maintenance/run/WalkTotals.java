package io.lilio.maintenance.run;

import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a walk over all partitions has before it, in its counts and its record: looked at once, when
 * it begins. Exact in partitions; about in copies and bytes, which come and go meanwhile, and
 * without those of members that do not answer then.
 */
public final class WalkTotals {

    private static final Logger log = LoggerFactory.getLogger(WalkTotals.class);

    private WalkTotals() {}

    /**
     * @param run nothing is counted if it resumes one that has its totals
     * @param readsAll whether the payload of all copies is read
     */
    public static void count(Run run, int partitions, Members members, boolean readsAll) {
        if (run.counted(Counter.PARTITIONS_TOTAL) > 0) {
            return;
        }
        run.count(Counter.PARTITIONS_TOTAL, partitions);
        for (MemberClient member : members.all()) {
            try {
                BackendUsage holds = member.usage();
                run.count(Counter.OBJECTS_TOTAL, holds.chunks());
                run.count(Counter.BYTES_TOTAL, readsAll ? holds.payloadBytes() : 0);
            } catch (ChunkStoreException e) {
                log.debug("{} does not tell how much it holds", member.member().name(), e);
            }
        }
        run.save();
    }
}
