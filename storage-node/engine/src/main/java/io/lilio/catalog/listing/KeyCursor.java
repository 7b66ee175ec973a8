package io.lilio.catalog.listing;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import java.util.List;
import java.util.Optional;

/**
 * Goes over a range in key order and can jump ahead. What it fetches at once follows what it needs:
 * pages grow while their keys are looked at and shrink when most are jumped over. Not thread-safe.
 */
final class KeyCursor {

    private static final int MIN_PAGE = 8;

    /** A page was worth it when one key in so many was looked at: about what a call costs. */
    private static final int WORTH_A_CALL = 32;

    private final ReadView view;
    private final KeyRange range;
    private final int maxPage;
    private int pageKeys;

    /** Everything before this is behind, and so are the keys of the page before {@code at}. */
    private Bytes from;

    private List<KeyValue> page = List.of();
    private int at;
    private int lookedAt;
    private boolean complete;

    /**
     * @param from where to begin; may be outside of the range
     * @param firstPage keys to fetch first, 1 to {@code maxPage}
     */
    KeyCursor(ReadView view, KeyRange range, Bytes from, int firstPage, int maxPage) {
        this.view = view;
        this.range = range;
        this.from = from.compareTo(range.from()) < 0 ? range.from() : from;
        this.pageKeys = firstPage;
        this.maxPage = maxPage;
    }

    /** The next key, which stays the next; empty at the end. */
    Optional<KeyValue> peek() {
        while (at == page.size()) {
            if (complete || !fetch()) {
                return Optional.empty();
            }
        }
        return Optional.of(page.get(at));
    }

    /** Steps over the key that was peeked at. */
    void next() {
        lookedAt++;
        at++;
    }

    /** Jumps to the first key that is not before this one; never back. */
    void seek(Bytes target) {
        if (target.compareTo(from) <= 0) {
            return;
        }
        from = target;
        lookedAt++;
        while (at < page.size() && page.get(at).key().compareTo(target) < 0) {
            at++;
        }
    }

    /** False when the range has ended. */
    private boolean fetch() {
        if (!page.isEmpty()) {
            Bytes passed = page.getLast().key();
            from = from.compareTo(passed) > 0 ? from : passed.next();
        }
        if (from.compareTo(range.to()) >= 0) {
            return false;
        }
        if (!page.isEmpty()) {
            boolean worthIt = lookedAt * WORTH_A_CALL >= page.size();
            pageKeys = worthIt ? pageKeys * 4 : Math.max(MIN_PAGE, pageKeys / 4);
            pageKeys = Math.min(maxPage, pageKeys);
        }
        ScanPage fetched = view.scan(new KeyRange(from, range.to()), pageKeys);
        page = fetched.entries();
        complete = fetched.complete();
        at = 0;
        lookedAt = 0;
        return true;
    }
}
