package io.lilio.maintenance.collect;

import io.lilio.catalog.trash.TrashBin;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.placement.RingView;
import io.lilio.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the chunks of what was overwritten or removed.
 *
 * <ul>
 *   <li>A record waits until the marks of all live sessions have passed its revision: nobody who
 *       may have found the old object reads any more (rule TRASH_WAITS_FOR_MARKS).
 *   <li>Its chunks are deleted from the members of every table from {@code min(blob's epoch,
 *       settled)} to the newest (rule SWEEP_ALL_TABLES).
 *   <li>The record itself goes when every member that is not gone has answered, and the ring is
 *       still the one whose members were asked. Until then it owns its blobs for everyone else.
 *   <li>While a member is away, the others are asked at once to delete what it may hold too, and
 *       then ever more seldom.
 * </ul>
 *
 * <p>A pass reads all trash. When it found nothing to do, the next waits until marks, ring or
 * members have changed, or for a minute.
 */
public final class TrashSweeper implements MaintenanceTask {

    private static final long LONGEST_REST_NANOS = Duration.ofMinutes(1).toNanos();

    private final CollectParts parts;
    private final TrashBin trash;
    private final Time time;
    private final MaintenanceListener listener;
    private final AwayBackOff backOff = new AwayBackOff();

    private @Nullable Circumstances idleIn;
    private long idleSinceNanos;

    /**
     * What decides which trash may go. Trash that is thrown away later than these marks were
     * written waits for greater ones.
     */
    private record Circumstances(long smallestMark, long ringEpoch, AwayMembers away) {}

    public TrashSweeper(
            CollectParts parts, TrashBin trash, Time time, MaintenanceListener listener) {
        this.parts = parts;
        this.trash = trash;
        this.time = time;
        this.listener = listener;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.TRASH;
    }

    @Override
    public void run(Run run) {
        parts.brake().check();
        Circumstances now = circumstances();
        if (now.equals(idleIn) && time.nanos() - idleSinceNanos < LONGEST_REST_NANOS) {
            return;
        }
        idleIn = null;
        var pass = new TrashPass(parts, trash, away -> backOff.from(away, time.nanos()), run);
        listener.trash(pass.run());
        backOff.swept(now.smallestMark());
        if (pass.allIsWell()) {
            backOff.allIsWell();
        }
        if (pass.wasIdle()) {
            idleIn = now;
            idleSinceNanos = time.nanos();
        }
    }

    private Circumstances circumstances() {
        long smallestMark = parts.sessions().live().smallest();
        RingView view = parts.ring().refresh();
        return new Circumstances(
                smallestMark, view.epoch(), AwayMembers.now(parts.members(), view));
    }
}
