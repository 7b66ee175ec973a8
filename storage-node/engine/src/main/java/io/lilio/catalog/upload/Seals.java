package io.lilio.catalog.upload;

import io.lilio.catalog.commit.Commits;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.SessionGuard;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who holds an upload sealed, and whether somebody else may take over. Thread-safe.
 *
 * <p>Taking over is always safe: a Complete's commit compares its own seal. It is discourteous
 * while the one at work still works, so it is done only when that one's session is dead, when it is
 * of this process and no longer at work, or after {@link #COURTESY}.
 */
final class Seals {

    static final Duration COURTESY = Duration.ofMinutes(1);

    private final Commits commits;
    private final Set<Long> atWorkHere = ConcurrentHashMap.newKeySet();

    Seals(Commits commits) {
        this.commits = commits;
    }

    /** A new seal, at work here until {@link #done}. */
    Seal begin(InFlight request) {
        SessionGuard guard = request.guard();
        Seal seal =
                new Seal(
                        commits.tag(),
                        guard.recordKey(),
                        request.session().incarnation(),
                        commits.now());
        atWorkHere.add(seal.tag());
        return seal;
    }

    /** The Complete that made it has ended, however. */
    void done(Seal seal) {
        atWorkHere.remove(seal.tag());
    }

    boolean mayBeTakenOver(InFlight request, Seal seal) {
        if (atWorkHere.contains(seal.tag())) {
            return false;
        }
        if (seal.incarnation() == request.session().incarnation()) {
            return true;
        }
        Optional<KeyValue> session = commits.store().read(List.of(seal.sessionKey())).get(0);
        boolean lives = session.isPresent() && session.get().createRevision() == seal.incarnation();
        return !lives || commits.now().isAfter(seal.since().plus(COURTESY));
    }
}
