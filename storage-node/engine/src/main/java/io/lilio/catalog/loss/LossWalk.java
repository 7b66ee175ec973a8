package io.lilio.catalog.loss;

import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ViewExpiredException;
import io.lilio.placement.Endangered;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks over all that clients have stored, page by page, and finds what has a chunk of which no
 * copy may remain: versions of objects, the current ones that are null versions first, and parts of
 * open uploads. What is in the trash is gone already, and what is inline is in the metadata.
 *
 * <p>It is told by placement alone, and the members that remain are not asked: what is found may
 * still have a copy, and often has. Each page shows one revision. Who stays is found, whatever
 * happens between pages; an upload that is completed between them may be missed.
 *
 * <p>Memory: one page of records. Thread-safe.
 */
public final class LossWalk {

    private final MetadataStore store;

    public LossWalk(MetadataStore store) {
        this.store = store;
    }

    /**
     * What a page may take.
     *
     * @param found how much it lists at most, 1 to 1,000
     * @param records after how many records it ends although it is not full, 1 to 100,000; exceeded
     *     by no more than the parts of one object, and the records of buckets
     */
    public record Bounds(int found, int records) {

        public Bounds {
            if (found < 1 || found > 1_000 || records < 1 || records > 100_000) {
                throw new IllegalArgumentException(
                        "a page of %d finds among %d records".formatted(found, records));
            }
        }
    }

    /**
     * A page.
     *
     * @param found in the order of the walk
     * @param next where to go on; empty when everything was looked at
     */
    public record Page(List<AtRisk> found, Optional<LossCursor> next) {}

    /**
     * The next page. Nothing is read when nothing is endangered.
     *
     * @param after where the page before ended, or null to begin
     * @throws MetadataUnavailableException when the metadata do not answer
     */
    public Page next(Endangered endangered, @Nullable LossCursor after, Bounds bounds) {
        if (endangered.partitions() == 0) {
            return new Page(List.of(), Optional.empty());
        }
        try (ReadView view = store.view()) {
            return new LossLook(view, endangered, bounds)
                    .from(after == null ? LossTable.HEADS.begin() : after);
        } catch (ViewExpiredException e) {
            throw new MetadataUnavailableException("a look at what may be lost took too long", e);
        }
    }
}
