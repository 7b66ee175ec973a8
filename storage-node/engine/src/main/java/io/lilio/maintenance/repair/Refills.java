package io.lilio.maintenance.repair;

import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MarkWait;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What members had lost when a walk over all partitions began, and which of them it has filled
 * again: for these, what they do not list from now on is known not to be missing (rule
 * REFILLING_LISTS_NOTHING). That takes three things:
 *
 * <ul>
 *   <li>The walk began after the loss, and looks at every partition.
 *   <li>Whoever may have had a chunk acknowledged by the member before its loss had committed it,
 *       or could not any more, before the walk began (rule REFILL_WAITS_FOR_MARKS). Until then a
 *       chunk has no owner, and is not copied.
 *   <li>Of the partitions that it holds everybody has told what he has, and it lacks no chunk of
 *       which a good copy is or may be there. Where there is none for certain, or nobody knows
 *       which of several is right, nothing is to be copied to it, now or later.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class Refills {

    private static final Logger log = LoggerFactory.getLogger(Refills.class);

    private final Members members;
    private final Map<MemberId, Long> losses;
    private final Set<MemberId> lacking = ConcurrentHashMap.newKeySet();

    private Refills(Members members, Map<MemberId, Long> losses) {
        this.members = members;
        this.losses = losses;
    }

    /**
     * Asks who has lost something, and then waits for requests under way, before the walk.
     *
     * @param patience how long they are waited for; after that the walk fills members as far as it
     *     can, and leaves it to another to say that it is done
     */
    static Refills begin(HealParts parts, MarkWait marks, Duration patience, Run run) {
        Map<MemberId, Long> losses = run.firstPartition() == 0 ? losses(parts.members()) : Map.of();
        if (!losses.isEmpty()) {
            long now = parts.sessions().live().revision();
            // Marks follow transactions; in an idle store this is the one that moves them on.
            run.save();
            if (!marks.passed(now, patience, run)) {
                log.info("requests under way may still own what {} members lost", losses.size());
                losses = Map.of();
            }
        }
        return new Refills(parts.members(), losses);
    }

    private static Map<MemberId, Long> losses(Members members) {
        Map<MemberId, Long> losses = new HashMap<>();
        for (MemberClient member : members.all()) {
            try {
                long loss = member.usage().loss();
                if (loss != 0) {
                    losses.put(member.member().id(), loss);
                }
            } catch (ChunkStoreException e) {
                log.debug("{} does not tell whether it lost something", member.member(), e);
            }
        }
        return losses;
    }

    /** These may lack something that is to be had. */
    void lack(Collection<MemberId> some) {
        lacking.addAll(some);
    }

    /** After the walk: tells those who have been filled, and counts those who have not. */
    void end(Run run) {
        for (MemberClient member : members.all()) {
            try {
                long loss = member.usage().loss();
                if (loss != 0 && !refilled(member, loss)) {
                    run.count(Counter.MEMBERS_LACKING, 1);
                }
            } catch (ChunkStoreException e) {
                log.debug("{} is told after another repair", member.member(), e);
            }
        }
    }

    private boolean refilled(MemberClient member, long loss) {
        MemberId id = member.member().id();
        if (losses.getOrDefault(id, 0L) != loss || lacking.contains(id)) {
            return false;
        }
        try {
            member.refilled(loss);
            log.info("member {} has been refilled", member.member().name());
            return true;
        } catch (ChunkStoreException e) {
            log.debug("{} is told after another repair", member.member(), e);
            return false;
        }
    }
}
