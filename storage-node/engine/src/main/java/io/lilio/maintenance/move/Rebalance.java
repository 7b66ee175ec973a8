package io.lilio.maintenance.move;

import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.repair.HealParts;
import io.lilio.maintenance.run.Counter;
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

    /** Partitions that are settled together, and between two looks at the checkpoint. */
    private static final int GROUP = 16;

    private final HealParts parts;
    private final RingStore store;
    private final Runnable askForRepair;
    private final EpochCloser closer;
    private final RingChangeEnd end;
    private final MoveTotals totals;

    /**
     * @param courtesy how long requests under way may hold up a change of the ring
     * @param askForRepair asks for a repair that begins later, for good and once however often it
     *     is run: before the first partition is settled although some slot lacks a copy, so that it
     *     is known whatever becomes of this process; and when the run ends, however it ends, since
     *     a repair may have begun meanwhile
     */
    public Rebalance(
            HealParts parts, RingStore store, Time time, Duration courtesy, Runnable askForRepair) {
        this.parts = parts;
        this.store = store;
        this.askForRepair = askForRepair;
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
        try {
            carryOut(run);
        } finally {
            if (run.counted(Counter.PARTITIONS_SHORT) > 0) {
                askForRepair.run();
            }
        }
    }

    private void settlingShort(Run run) {
        if (run.counted(Counter.PARTITIONS_SHORT) == 0) {
            askForRepair.run();
        }
        run.count(Counter.PARTITIONS_SHORT, 1);
    }

    private void carryOut(Run run) {
        RingView view = parts.ring().refresh();
        long counted = 0;
        while (view.unsettled() > 0) {
            int unsettled = view.unsettled();
            if (view.epoch() > counted) {
                totals.count(view, run);
                counted = view.epoch();
            }
            closer.closeBefore(view.ring(), run);
            move(view, run);
            RingView after = parts.ring().refresh();
            if (after.epoch() == view.epoch() && after.unsettled() == unsettled) {
                log.warn("{} partitions cannot be moved for the time being", unsettled);
                return;
            }
            view = after;
        }
        view.ring()
                .operation()
                .ifPresent(
                        change ->
                                log.info(
                                        "all partitions are settled: {} {} comes to its end",
                                        change.type(),
                                        change.id()));
        end.reach(run);
    }

    private void move(RingView view, Run run) {
        List<Integer> group = new ArrayList<>(GROUP);
        for (int partition = 0; partition < view.partitions(); partition++) {
            if (view.settled().epoch(partition) < view.epoch()) {
                group.add(partition);
            }
            if (group.size() == GROUP || partition == view.partitions() - 1) {
                moveGroup(view, group, run);
                group.clear();
                run.reached(partition + 1);
            }
        }
    }

    private void moveGroup(RingView view, List<Integer> group, Run run) {
        if (!group.isEmpty()) {
            new GroupMove(parts, store, view, run).carryOut(group, () -> settlingShort(run));
        }
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
