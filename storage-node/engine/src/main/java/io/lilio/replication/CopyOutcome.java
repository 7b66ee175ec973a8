package io.lilio.replication;

import io.lilio.placement.MemberId;
import java.util.Collection;
import java.util.Set;

/**
 * What came of copying a chunk to its targets. Each target is in exactly one of the sets.
 *
 * @param had held it already, by its own word, with the digest that the others have
 * @param copied lacked it or held a bad copy, and hold a good one now
 * @param failed may not hold it: could not be asked or refused, or there was no good copy to be had
 * @param conflicting targets that hold other bytes under this id. An alarm; left as they are
 * @param sourceless whether nothing can be copied to those that failed, however often it is tried:
 *     all who were asked have answered, and nobody has a copy that is good and undisputed
 */
public record CopyOutcome(
        Set<MemberId> had,
        Set<MemberId> copied,
        Set<MemberId> failed,
        Set<MemberId> conflicting,
        boolean sourceless) {

    /** Nobody could be asked. */
    public static CopyOutcome allFailed(Collection<MemberId> targets) {
        return new CopyOutcome(Set.of(), Set.of(), Set.copyOf(targets), Set.of(), false);
    }

    /** Whether every target holds the chunk now. */
    public boolean level() {
        return failed.isEmpty() && conflicting.isEmpty();
    }
}
