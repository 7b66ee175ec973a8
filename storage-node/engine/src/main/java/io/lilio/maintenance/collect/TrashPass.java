package io.lilio.maintenance.collect;

import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.trash.TrashBin;
import io.lilio.catalog.trash.TrashEntry;
import io.lilio.chunk.BlobId;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.metadata.session.Marks;
import io.lilio.placement.RingView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Once through all trash. Not thread-safe. */
final class TrashPass {

    private static final int PAGE = 512;
    private static final int PARTS_PAGE = 100;

    private final CollectParts parts;
    private final TrashBin trash;
    private final ToLongFunction<AwayMembers> heldBelow;
    private final Run run;
    private final long heldBefore;
    private boolean tried;
    private @Nullable Long firstSwept;

    /**
     * @param heldBelow the revision from which on what waits for members that are away is swept
     *     from the others; asked at most once
     */
    TrashPass(CollectParts parts, TrashBin trash, ToLongFunction<AwayMembers> heldBelow, Run run) {
        this.parts = parts;
        this.trash = trash;
        this.heldBelow = heldBelow;
        this.run = run;
        this.heldBefore = run.counted(Counter.TRASH_HELD);
    }

    /**
     * @return records that are left
     */
    long run() {
        long seen = 0;
        long swept = run.counted(Counter.TRASH_SWEPT);
        TrashBin.@Nullable Cursor after = null;
        boolean more = true;
        while (more) {
            TrashBin.Page page = trash.list(after, PAGE);
            run.steps(page.entries().size(), 0);
            seen += page.entries().size();
            sweep(page.entries());
            more = page.next().isPresent();
            after = page.next().orElse(null);
        }
        return seen - (run.counted(Counter.TRASH_SWEPT) - swept);
    }

    /** Whether there was nothing that could be deleted. */
    boolean wasIdle() {
        return !tried;
    }

    /** Whether nothing waits for a member. */
    boolean allIsWell() {
        return run.counted(Counter.TRASH_HELD) == heldBefore;
    }

    private void sweep(List<TrashEntry> entries) {
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
        Held held = held(view);
        sweepBlobs(due, view, held);
        for (TrashEntry entry : due) {
            if (!(entry instanceof TrashEntry.OfBlob)) {
                sweepParts(entry, view, held);
            }
        }
    }

    /** What waits untouched: trash that is older than a revision and that members may hold. */
    private record Held(AwayMembers away, long below) {
        boolean contains(TrashEntry entry, BlobRef blob, RingView view) {
            return entry.revision() < below && away.mayHold(blob, view);
        }
    }

    private Held held(RingView view) {
        AwayMembers away = AwayMembers.now(parts.members(), view);
        if (away.ids().isEmpty()) {
            return new Held(away, 0);
        }
        if (firstSwept == null) {
            firstSwept = heldBelow.applyAsLong(away);
        }
        return new Held(away, firstSwept);
    }

    private static boolean passed(Marks marks, long revision) {
        return revision <= marks.revision() && marks.allPassed(revision);
    }

    private void sweepBlobs(List<TrashEntry> due, RingView view, Held untouched) {
        List<TrashEntry.OfBlob> blobs = new ArrayList<>();
        for (TrashEntry entry : due) {
            if (entry instanceof TrashEntry.OfBlob blob) {
                if (untouched.contains(blob, blob.blob(), view)) {
                    run.count(Counter.TRASH_HELD, 1);
                } else {
                    blobs.add(blob);
                }
            }
        }
        if (blobs.isEmpty()) {
            return;
        }
        Set<BlobId> incomplete = delete(blobs.stream().map(TrashEntry.OfBlob::blob).toList(), view);
        List<TrashEntry.OfBlob> gone =
                blobs.stream().filter(entry -> !incomplete.contains(entry.blob().id())).toList();
        run.count(Counter.TRASH_HELD, blobs.size() - gone.size());
        if (ringMoved(view, gone.size())) {
            return;
        }
        run.count(Counter.TRASH_SWEPT, trash.removeBlobs(gone));
    }

    /** Parts go in pages, so that an upload of ten thousand needs little memory. */
    private void sweepParts(TrashEntry entry, RingView view, Held untouched) {
        boolean held = false;
        List<Part> page = trash.parts(entry, 0, PARTS_PAGE);
        while (!page.isEmpty()) {
            List<BlobRef> blobs = page.stream().map(Part::blob).toList();
            if (blobs.stream().anyMatch(blob -> untouched.contains(entry, blob, view))
                    || !delete(blobs, view).isEmpty()) {
                held = true;
            } else if (ringMoved(view, 1)
                    || !trash.removeParts(entry, page.stream().map(Part::number).toList())) {
                return;
            }
            page = trash.parts(entry, page.getLast().number(), PARTS_PAGE);
        }
        if (held) {
            run.count(Counter.TRASH_HELD, 1);
        } else {
            remove(entry);
        }
    }

    private Set<BlobId> delete(List<BlobRef> blobs, RingView view) {
        run.checkCancelled();
        tried = true;
        return new BlobDeletion(parts, view, run).delete(blobs);
    }

    /** A newer table may name a member that was not asked: what was swept is swept again. */
    private boolean ringMoved(RingView view, int entries) {
        boolean moved = parts.ring().refresh().epoch() != view.epoch();
        if (moved) {
            run.count(Counter.TRASH_HELD, entries);
        }
        return moved;
    }

    private void remove(TrashEntry entry) {
        if (trash.remove(entry)) {
            run.count(Counter.TRASH_SWEPT, 1);
        }
    }
}
