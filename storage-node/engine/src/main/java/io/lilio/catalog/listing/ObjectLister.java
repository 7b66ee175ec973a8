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

/** One page of objects. */
final class ObjectLister {

    /** How many keys to fetch first when most may be rolled up. */
    static final int FIRST_PAGE_ROLLED_UP = 16;

    private final UUID bucket;
    private final ObjectQuery query;
    private final RollUp rollUp;
    private final KeyCursor cursor;
    private final List<ObjectPage.Entry> objects = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String last = "";

    ObjectLister(ReadView view, UUID bucket, ObjectQuery query) {
        this.bucket = bucket;
        this.query = query;
        this.rollUp = new RollUp(query.prefix(), query.delimiter());
        KeyRange range = Keys.heads(bucket, query.prefix());
        int whole = query.maxKeys() + 1; // one more, to learn whether there is more
        int first = rollUp.rollsUp() ? Math.min(whole, FIRST_PAGE_ROLLED_UP) : whole;
        this.cursor = new KeyCursor(view, range, start(range), first, whole);
    }

    private Bytes start(KeyRange range) {
        if (query.after().isEmpty()) {
            return range.from();
        }
        return rollUp.isCommonPrefix(query.after())
                ? Keys.heads(bucket, query.after()).to()
                : Keys.head(bucket, query.after()).next();
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
                continue;
            }
            if (objects.size() + commonPrefixes.size() == query.maxKeys()) {
                return page(true);
            }
            show(Keys.keyOf(next.get().key()), current);
        }
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
