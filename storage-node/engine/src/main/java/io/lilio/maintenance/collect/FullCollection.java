package io.lilio.maintenance.collect;

import io.lilio.catalog.owner.OwnedBlob;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.usage.Usage;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.LeftWork;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.MarkWait;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.RunResult;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.maintenance.run.WalkTotals;
import io.lilio.time.Time;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Deletes every chunk that no record owns, wherever it came from. In this order (DESIGN §9), round
 * by round over groups of partitions:
 *
 * <ol>
 *   <li>List the chunks of the partitions on every member, and read the sessions and their marks
 *       after each page: a blob is a suspect when the request that wrote it can no longer commit
 *       (rules GC_LISTS_BEFORE_MARKS, ORPHAN_WAITS_FOR_MARK, GC_MARKS_BEFORE_OWNERS).
 *   <li>Walk all owners, heads before versions before parts before trash, and strike out what they
 *       name (rules GC_HEADS_BEFORE_VERSIONS, GC_SEES_TRASH, GC_READS_TRASH_LAST).
 *   <li>Wait until all live marks have passed the walk's end (rule GC_WAITS_AFTER_WALK).
 *   <li>Delete what is left, unless it is too much to be true.
 * </ol>
 *
 * <p>Memory: 16 to 64 bytes per suspected blob, at most {@code maxSuspects} and those of {@value
 * #GROUP} partitions of them, which are looked at side by side; a store with more blobs takes
 * several rounds, each with a walk of its own. The first walk also counts each bucket's usage anew.
 */
public final class FullCollection implements MaintenanceTask {

    private static final int WALK_PAGE = 1_000;
    private static final int GROUP = 16;

    private final CollectParts parts;
    private final OwnerWalk owners;
    private final UsageCorrection usage;
    private final MarkWait marks;
    private final CollectionSettings settings;

    public FullCollection(
            CollectParts parts,
            OwnerWalk owners,
            UsageCorrection usage,
            Time time,
            CollectionSettings settings) {
        this.parts = parts;
        this.owners = owners;
        this.usage = usage;
        this.marks = new MarkWait(parts.sessions(), time);
        this.settings = settings;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.GC;
    }

    @Override
    public void run(Run run) {
        var share = new AcceptedShare(parts.brake());
        try {
            run(run, share);
            if (run.counted(Counter.PARTITIONS_INCOMPLETE) > 0) {
                share.giveBack();
            }
        } catch (RuntimeException e) {
            share.giveBack();
            throw e;
        }
    }

    private void run(Run run, AcceptedShare share) {
        var chunks = new PartitionChunks(parts, run);
        int partitions = parts.ring().refresh().partitions();
        WalkTotals.count(run, partitions, parts.members(), false);
        boolean usageCounted = false;
        for (int first = run.firstPartition(); first < partitions; ) {
            parts.brake().check();
            var suspects = new BlobSet();
            int end = first;
            while (end < partitions && suspects.size() < settings.maxSuspects()) {
                int begin = end;
                end = Math.min(begin + GROUP, partitions);
                chunks.suspects(begin, end, suspects);
            }
            int suspected = suspects.size();
            run.count(Counter.BLOBS_SUSPECTED, suspected);
            if (!suspects.isEmpty() || !usageCounted) {
                Map<UUID, Usage> before = usage.before();
                Map<UUID, Usage> counted = strikeOutOwned(suspects, run);
                if (!usageCounted) {
                    usage.correct(before, counted, run);
                    usageCounted = true;
                }
            }
            if (!suspects.isEmpty()) {
                // Marks follow transactions; in an idle store this is the one that moves them on.
                run.save();
                waitForMarks(parts.sessions().live().revision(), run);
                run.count(Counter.BLOBS_ORPHANED, suspects.size());
                share.check(suspects.size(), suspected);
                for (int begin = first; begin < end; begin += GROUP) {
                    chunks.delete(begin, Math.min(begin + GROUP, end), suspects);
                }
            }
            run.count(Counter.PARTITIONS, end - first);
            first = end;
            run.reached(first);
        }
    }

    /** What a member holds that did not answer is collected when it does. */
    @Override
    public Optional<String> leftWork(RunResult result) {
        return LeftWork.of(result);
    }

    private Map<UUID, Usage> strikeOutOwned(BlobSet suspects, Run run) {
        Map<UUID, Usage> counted = new HashMap<>();
        OwnerWalk.@Nullable Cursor after = null;
        boolean more = true;
        while (more) {
            run.steps(WALK_PAGE, 0);
            OwnerWalk.Page page = owners.next(after, WALK_PAGE);
            for (OwnedBlob owned : page.blobs()) {
                suspects.remove(owned.blob().id());
            }
            page.usage().forEach((bucket, found) -> counted.merge(bucket, found, Usage::plus));
            run.count(Counter.RECORDS_WALKED, page.blobs().size());
            more = page.next().isPresent();
            after = page.next().orElse(null);
        }
        return counted;
    }

    private void waitForMarks(long walkEnd, Run run) {
        if (!marks.passed(walkEnd, settings.maxWait(), run)) {
            throw new IllegalStateException(
                    "some request has been under way since before the walk's end, revision "
                            + walkEnd
                            + ", for more than "
                            + settings.maxWait());
        }
    }
}
