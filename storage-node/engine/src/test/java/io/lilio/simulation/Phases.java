package io.lilio.simulation;

import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyRange;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is under way, and where it is: told by the calls that it makes. Faults are counted by what
 * they meet, and can be made to wait for a phase.
 */
final class Phases {

    /** The table of sessions in the metadata: who reads it looks at marks. */
    static final byte SESSIONS = 's';

    private static final Duration UNTIL_CONFIRMED = Duration.ofMillis(300);

    private final Scheduler scheduler;
    private final Coverage coverage;
    private final Set<Activity> underWay = new LinkedHashSet<>();
    private @Nullable Phase awaited;
    private Predicate<Activity> wanted = _ -> true;
    private Consumer<Activity> ambush = _ -> {};

    Phases(Scheduler scheduler, Coverage coverage) {
        this.scheduler = scheduler;
        this.coverage = coverage;
    }

    /** What the running thread is at from now on, and all threads that it starts. */
    Activity begin(SimulatedProcess process, Phase.Work work) {
        Activity activity = new Activity(process, work);
        underWay.add(activity);
        scheduler.setActivity(activity);
        if (work != Phase.Work.DROP) {
            arrived(activity); // a drop is met when it knows the ring and looks at marks
        }
        return activity;
    }

    void end(Activity activity) {
        scheduler.setActivity(null);
        if (activity.phase() == Phase.COMMITTED_UNCONFIRMED) {
            scheduler.after(UNTIL_CONFIRMED, activity.process(), () -> underWay.remove(activity));
        } else {
            underWay.remove(activity);
        }
    }

    /** A process is gone, with all that it was at. */
    void gone(SimulatedProcess process) {
        underWay.removeIf(activity -> activity.process() == process);
    }

    /**
     * Runs something when the next activity gets to a phase, on its own thread, which may be held
     * there; called off by the next one.
     */
    void await(Phase phase, Consumer<Activity> then) {
        await(phase, _ -> true, then);
    }

    /** The same, for some activities only. */
    void await(Phase phase, Predicate<Activity> which, Consumer<Activity> then) {
        awaited = phase;
        wanted = which;
        ambush = then;
    }

    void stopAwaiting() {
        awaited = null;
    }

    private void enter(Activity activity, Phase next) {
        if (activity.phase() != next) {
            activity.enter(next);
            arrived(activity);
        }
    }

    private void arrived(Activity activity) {
        if (activity.phase() == awaited && wanted.test(activity)) {
            awaited = null;
            Consumer<Activity> then = ambush;
            then.accept(activity);
        }
    }

    /** A fault has happened to everything, or to everything that a node is at. */
    void met(Fault fault, @Nullable SimulatedProcess process) {
        coverage.happened(fault);
        for (Activity activity : List.copyOf(underWay)) {
            if (process == null || activity.process() == process) {
                coverage.met(fault, activity.phase());
            }
        }
    }

    /** A fault has happened to a message about something. */
    void met(Fault fault, Optional<Activity> about) {
        coverage.happened(fault);
        about.ifPresent(activity -> coverage.met(fault, activity.phase()));
    }

    void puts() {
        scheduler.activity().ifPresent(this::puts);
    }

    private void puts(Activity activity) {
        switch (activity.phase().work()) {
            case WRITE -> {
                if (activity.phase() == Phase.UPLOAD_BEGUN) {
                    enter(activity, Phase.CHUNKS_WRITTEN);
                }
            }
            case MOVE -> enter(activity, Phase.MOVER_COPYING);
            case LOOK_UP -> enter(activity, Phase.LOOK_UP_HEALING);
            case REPAIR -> enter(activity, Phase.REPAIR_COPYING);
            default -> {}
        }
    }

    void commits() {
        scheduler.activity().ifPresent(this::commits);
    }

    private void commits(Activity activity) {
        switch (activity.phase()) {
            case UPLOAD_BEGUN, CHUNKS_WRITTEN -> enter(activity, Phase.COMMIT_SENT);
            case MOVER_LISTING, MOVER_COPYING -> enter(activity, Phase.MOVER_SETTLING);
            default -> {}
        }
    }

    void unknown() {
        scheduler
                .activity()
                .filter(activity -> activity.phase() == Phase.COMMIT_SENT)
                .ifPresent(activity -> enter(activity, Phase.COMMIT_UNKNOWN));
    }

    void answered(CommitResult result) {
        scheduler
                .activity()
                .filter(activity -> activity.phase() == Phase.COMMIT_SENT)
                .ifPresent(
                        activity ->
                                enter(
                                        activity,
                                        result instanceof CommitResult.Committed
                                                ? Phase.COMMITTED_UNCONFIRMED
                                                : Phase.CHUNKS_WRITTEN));
    }

    void scans(KeyRange range) {
        scheduler.activity().ifPresent(activity -> scans(activity, range));
    }

    private void scans(Activity activity, KeyRange range) {
        boolean looksAtMarks = range.from().at(0) == SESSIONS;
        switch (activity.phase()) {
            case DROP_LOOKING -> {
                if (looksAtMarks) {
                    arrived(activity);
                }
            }
            case GC_LISTING -> {
                if (!looksAtMarks) {
                    enter(activity, Phase.GC_WALKING);
                }
            }
            case GC_WALKING -> {
                if (looksAtMarks) {
                    enter(activity, Phase.GC_WAITING);
                }
            }
            default -> {}
        }
    }

    void lists() {
        scheduler.activity().ifPresent(this::lists);
    }

    private void lists(Activity activity) {
        switch (activity.phase()) {
            case MOVER_CLOSING, MOVER_COPYING, MOVER_SETTLING ->
                    enter(activity, Phase.MOVER_LISTING);
            case REPAIR_COPYING -> enter(activity, Phase.REPAIR_LISTING);
            default -> {}
        }
    }

    void deletes() {
        scheduler.activity().ifPresent(this::deletes);
    }

    private void deletes(Activity activity) {
        switch (activity.phase().work()) {
            case COLLECT -> enter(activity, Phase.GC_DELETING);
            case DROP -> enter(activity, Phase.DROP_DELETING);
            case SWEEP -> enter(activity, Phase.SWEEP_DELETING);
            case LOOK_UP -> enter(activity, Phase.LOOK_UP_DELETING);
            default -> {}
        }
    }
}
