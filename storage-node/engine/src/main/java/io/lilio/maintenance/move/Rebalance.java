package io.lilio.maintenance.move;

import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.placement.RingView;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a change of the ring (DESIGN §5), in this order:
 *
 * <ol>
 *   <li>Closes the epochs before the newest (rule CLOSE_BEFORE_LIST).
 *   <li>For each partition that is not settled there: lists it on enough members of every older
 *       table, copies what the slots of the newest table lack, and settles it.
 *   <li>When all are settled: makes drained members tombstones, forgets tables by which nobody
 *       holds anything any more, and ends the operation.
 * </ol>
 *
 * <p>What was settled is its checkpoint, so a run that was broken off, wherever, goes on where it
 * was; what it has copied is found at its target and not copied again. When the ring changes
 * meanwhile it begins anew with the newest. Where members that are needed do not answer, partitions
 * stay unsettled, and a later run tries again.
 */
public final class Rebalance implements MaintenanceTask {

    private static final Logger log = LoggerFactory.getLogger(Rebalance.class);

    /** Partitions between two looks at the checkpoint. */
    private static final int GROUP = 64;

    private final HealParts parts;
    private final RingStore store;
    private final Runnable repairSoon;
    private final EpochCloser closer;
    private final RingChangeEnd end;
    private final MoveTotals totals;

    /**
     * @param courtesy how long requests under way may hold up a change of the ring
     * @param repairSoon run when partitions were settled although some slot lacks a copy, however
     *     the run that did so ended; must not block
     */
    public Rebalance(
            HealParts parts, RingStore store, Time time, Duration courtesy, Runnable repairSoon) {
        this.parts = parts;
        this.store = store;
        this.repairSoon = repairSoon;
        this.closer = new EpochCloser(store, parts.sessions(), time, courtesy);
        this.end = new RingChangeEnd(parts.ring(), store, parts.members());
        this.totals = new MoveTotals(parts.members());
    }

    @Override
    public TaskKind kind() {
        return TaskKind.REBALANCE;
    }

    @Override
    public void run(Run run) {
        var settledShort = new AtomicBoolean();
        try {
            carryOut(run, settledShort);
        } finally {
            if (settledShort.get()) {
                repairSoon.run();
            }
        }
    }

    private void carryOut(Run run, AtomicBoolean settledShort) {
        RingView view = parts.ring().refresh();
        while (view.unsettled() > 0) {
            int unsettled = view.unsettled();
            totals.count(view, run);
            closer.closeBefore(view.ring(), run);
            move(view, run, settledShort);
            RingView after = parts.ring().refresh();
            if (after.epoch() == view.epoch() && after.unsettled() == unsettled) {
                log.warn("{} partitions cannot be moved for the time being", unsettled);
                return;
            }
            view = after;
        }
        end.reach(run);
    }

    private void move(RingView view, Run run, AtomicBoolean settledShort) {
        List<Integer> group = new ArrayList<>(GROUP);
        for (int partition = 0; partition < view.partitions(); partition++) {
            if (view.settled().epoch(partition) < view.epoch()) {
                group.add(partition);
            }
            if (group.size() == GROUP || partition == view.partitions() - 1) {
                moveGroup(view, group, run, settledShort);
                group.clear();
                run.reached(partition + 1);
            }
        }
    }

    private void moveGroup(
            RingView view, List<Integer> group, Run run, AtomicBoolean settledShort) {
        if (group.isEmpty()) {
            return;
        }
        parts.parallel()
                .each(
                        group,
                        partition -> {
                            run.checkCancelled();
                            new PartitionMove(parts, store, view, partition, run)
                                    .carryOut(() -> settledShort.set(true));
                        });
    }

    /** Members that did not answer may do so later: partitions are unsettled still. */
    @Override
    public Optional<String> leftWork(RunResult result) {
        RingView view = parts.ring().current();
        int unsettled = view.unsettled();
        if (unsettled > 0) {
            return Optional.of(
                    "%d partitions cannot be moved yet: members that are needed do not answer"
                            .formatted(unsettled));
        }
        return view.ring()
                .operation()
                .map(
                        next ->
                                "operation %s (%s) is not ended yet"
                                        .formatted(next.id(), next.type()));
    }
}
