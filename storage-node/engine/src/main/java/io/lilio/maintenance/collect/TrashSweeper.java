package io.lilio.maintenance.collect;

import io.lilio.catalog.content.Part;
import io.lilio.catalog.trash.TrashBin;
import io.lilio.catalog.trash.TrashEntry;
import io.lilio.chunk.BlobId;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MaintenanceListener;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.session.Marks;
import io.lilio.placement.RingView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
 * </ul>
 */
public final class TrashSweeper implements MaintenanceTask {

    private static final int PAGE = 512;
    private static final int PARTS_PAGE = 100;

    private final CollectParts parts;
    private final TrashBin trash;
    private final MaintenanceListener listener;

    public TrashSweeper(CollectParts parts, TrashBin trash, MaintenanceListener listener) {
        this.parts = parts;
        this.trash = trash;
        this.listener = listener;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.TRASH;
    }

    @Override
    public void run(Run run) {
        parts.brake().check();
        long seen = 0;
        long swept = run.counted(Counter.TRASH_SWEPT);
        TrashBin.@Nullable Cursor after = null;
        boolean more = true;
        while (more) {
            run.checkCancelled();
            TrashBin.Page page = trash.list(after, PAGE);
            seen += page.entries().size();
            sweep(page.entries(), run);
            more = page.next().isPresent();
            after = page.next().orElse(null);
        }
        listener.trash(seen - (run.counted(Counter.TRASH_SWEPT) - swept));
    }

    private void sweep(List<TrashEntry> entries, Run run) {
        if (entries.isEmpty()) {
            return;
        }
        // After the page: a session that is not in this picture began later than every record.
        Marks marks = parts.sessions().live();
        List<TrashEntry> due =
                entries.stream().filter(entry -> passed(marks, entry.revision())).toList();
        run.count(Counter.TRASH_WAITING, entries.size() - due.size());
        if (due.isEmpty()) {
            return;
        }
        RingView view = parts.ring().refresh();
        sweepBlobs(due, view, run);
        for (TrashEntry entry : due) {
            if (!(entry instanceof TrashEntry.OfBlob)) {
                sweepParts(entry, view, run);
            }
        }
    }

    private static boolean passed(Marks marks, long revision) {
        return revision <= marks.revision() && marks.allPassed(revision);
    }

    private void sweepBlobs(List<TrashEntry> due, RingView view, Run run) {
        List<TrashEntry.OfBlob> blobs = new ArrayList<>();
        for (TrashEntry entry : due) {
            if (entry instanceof TrashEntry.OfBlob blob) {
                blobs.add(blob);
            }
        }
        if (blobs.isEmpty()) {
            return;
        }
        Set<BlobId> incomplete =
                new BlobDeletion(parts, view, run)
                        .delete(blobs.stream().map(TrashEntry.OfBlob::blob).toList());
        List<TrashEntry.OfBlob> gone =
                blobs.stream().filter(entry -> !incomplete.contains(entry.blob().id())).toList();
        run.count(Counter.TRASH_HELD, blobs.size() - gone.size());
        if (ringMoved(view, run, gone.size())) {
            return;
        }
        parts.parallel().each(gone, entry -> remove(entry, run));
    }

    /** Parts go in pages, so that an upload of ten thousand needs little memory. */
    private void sweepParts(TrashEntry entry, RingView view, Run run) {
        List<Part> page = trash.parts(entry, 0, PARTS_PAGE);
        while (!page.isEmpty()) {
            run.checkCancelled();
            Set<BlobId> incomplete =
                    new BlobDeletion(parts, view, run)
                            .delete(page.stream().map(Part::blob).toList());
            if (!incomplete.isEmpty()) {
                run.count(Counter.TRASH_HELD, 1);
                return;
            }
            if (ringMoved(view, run, 1)
                    || !trash.removeParts(entry, page.stream().map(Part::number).toList())) {
                return;
            }
            page = trash.parts(entry, page.getLast().number(), PARTS_PAGE);
        }
        remove(entry, run);
    }

    /** A newer table may name a member that was not asked: what was swept is swept again then. */
    private boolean ringMoved(RingView view, Run run, int entries) {
        boolean moved = parts.ring().refresh().epoch() != view.epoch();
        if (moved) {
            run.count(Counter.TRASH_HELD, entries);
        }
        return moved;
    }

    private void remove(TrashEntry entry, Run run) {
        if (trash.remove(entry)) {
            run.count(Counter.TRASH_SWEPT, 1);
        }
    }
}
