package io.lilio.catalog.listing;

import io.lilio.catalog.Keys;
import io.lilio.catalog.object.ObjectRecords;
import io.lilio.catalog.object.VersionSummary;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One page of objects. It ends early, with little or nothing in it, where very many keys on the way
 * are deleted, so that the time of one call is bounded: the next page goes on behind them.
 */
final class ObjectLister {

    /** How many keys to fetch first when most may be rolled up. */
    static final int FIRST_PAGE_ROLLED_UP = 16;

    /** How many keys to fetch at most, on the way over those that are not shown. */
    private static final int MAX_FETCHED = 1_000;

    /** Delete markers that one page passes over: some tenths of a second. */
    private static final int MAX_PASSED = 50_000;

    private final UUID bucket;
    private final ObjectQuery query;
    private final RollUp rollUp;
    private final KeyCursor cursor;
    private final List<ObjectPage.Entry> objects = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String last = "";
    private int passed;

    ObjectLister(ReadView view, UUID bucket, ObjectQuery query) {
        this.bucket = bucket;
        this.query = query;
        this.rollUp = new RollUp(query.prefix(), query.delimiter());
        KeyRange range = Keys.heads(bucket, query.prefix());
        int whole = query.maxKeys() + 1; // one more, to learn whether there is more
        int first = rollUp.rollsUp() ? Math.min(whole, FIRST_PAGE_ROLLED_UP) : whole;
        Bytes start = query.after().isEmpty() ? range.from() : behind(query.after());
        this.cursor = new KeyCursor(view, range, start, first, Math.max(whole, MAX_FETCHED));
    }

    /** Where a page that begins after this one looks first. */
    private Bytes behind(String marker) {
        return rollUp.isCommonPrefix(marker)
                ? Keys.heads(bucket, marker).to()
                : Keys.head(bucket, marker).next();
    }

    ObjectPage list() {
        if (query.maxKeys() == 0) {
            return page(false);
        }
        while (true) {
            Optional<KeyValue> next = cursor.peek();
            if (next.isEmpty()) {
                return page(false);
            }
            VersionSummary current = ObjectRecords.decodeHeadSummary(next.get());
            if (current.deleteMarker()) {
                cursor.next();
                if (++passed >= MAX_PASSED && canEndAfter(next.get())) {
                    last = Keys.keyOf(next.get().key());
                    return page(true);
                }
                continue;
            }
            if (objects.size() + commonPrefixes.size() == query.maxKeys()) {
                return page(true);
            }
            show(Keys.keyOf(next.get().key()), current);
        }
    }

    /**
     * Whether more follows, and a page that begins after this key shows all of it: the key may look
     * like a common prefix, and others below it may not be deleted.
     */
    private boolean canEndAfter(KeyValue marker) {
        Optional<KeyValue> following = cursor.peek();
        return following.isPresent()
                && behind(Keys.keyOf(marker.key())).compareTo(following.get().key()) <= 0;
    }

    private void show(String key, VersionSummary current) {
        Optional<String> commonPrefix = rollUp.of(key);
        if (commonPrefix.isPresent()) {
            last = commonPrefix.get();
            commonPrefixes.add(last);
            cursor.seek(Keys.heads(bucket, last).to());
        } else {
            last = key;
            objects.add(new ObjectPage.Entry(key, current));
            cursor.next();
        }
    }

    private ObjectPage page(boolean truncated) {
        return new ObjectPage(List.copyOf(objects), List.copyOf(commonPrefixes), truncated, last);
    }
}
