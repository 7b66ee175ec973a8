package io.lilio.catalog.listing;

import io.lilio.catalog.Keys;
import io.lilio.catalog.object.Head;
import io.lilio.catalog.object.ObjectRecords;
import io.lilio.catalog.object.VersionId;
import io.lilio.catalog.object.VersionSummary;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One page of versions: the heads and the versions of a bucket, merged by key. A head comes before
 * its key's versions: a manifest in it is the newest version, and it tells which one is the latest.
 */
final class VersionLister {

    private final UUID bucket;
    private final VersionQuery query;
    private final RollUp rollUp;
    private final KeyCursor heads;
    private final KeyCursor versions;

    /** In the key of the marker only versions before this number are left; 0: none. */
    private final long markerSeq;

    private final List<VersionPage.Entry> shown = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String lastKey = "";
    private Optional<String> lastVersion = Optional.empty();
    private String latestKey = "";
    private long latestSeq;

    VersionLister(ReadView view, UUID bucket, VersionQuery query) {
        this.bucket = bucket;
        this.query = query;
        this.rollUp = new RollUp(query.prefix(), query.delimiter());
        this.markerSeq = markerSeq(view);
        int whole = query.maxKeys() + 1;
        int first = rollUp.rollsUp() ? Math.min(whole, ObjectLister.FIRST_PAGE_ROLLED_UP) : whole;
        Start start = start();
        this.heads =
                new KeyCursor(
                        view, Keys.heads(bucket, query.prefix()), start.heads(), first, whole);
        this.versions =
                new KeyCursor(
                        view,
                        Keys.versionsOfPrefix(bucket, query.prefix()),
                        start.versions(),
                        first,
                        whole);
    }

    private record Start(Bytes heads, Bytes versions) {}

    private Start start() {
        String marker = query.keyMarker();
        if (marker.isEmpty()) {
            return new Start(Bytes.empty(), Bytes.empty());
        }
        if (rollUp.isCommonPrefix(marker)) {
            return after(marker);
        }
        return markerSeq == 0
                ? new Start(Keys.head(bucket, marker).next(), Keys.versions(bucket, marker).to())
                : new Start(
                        Keys.head(bucket, marker), // it knows the latest
                        Keys.versionsOlderThan(bucket, marker, markerSeq).from());
    }

    private Start after(String commonPrefix) {
        return new Start(
                Keys.heads(bucket, commonPrefix).to(),
                Keys.versionsOfPrefix(bucket, commonPrefix).to());
    }

    private long markerSeq(ReadView view) {
        String marker = query.versionMarker();
        if (marker == null) {
            return 0;
        }
        return switch (VersionId.parse(marker)) {
            case VersionId.Numbered numbered -> numbered.seq();
            case VersionId.Null() ->
                    view.read(List.of(Keys.head(bucket, query.keyMarker())))
                            .get(0)
                            .map(ObjectRecords::decodeHead)
                            .map(VersionLister::nullSeq)
                            .orElse(0L);
        };
    }

    private static long nullSeq(Head head) {
        return head.current() instanceof Head.Itself(var version)
                ? version.summary().seq()
                : head.nullSeq();
    }

    VersionPage list() {
        if (query.maxKeys() == 0) {
            return page(false);
        }
        while (true) {
            Optional<VersionPage.Entry> next = next();
            if (next.isEmpty()) {
                return page(false);
            }
            if (shown.size() + commonPrefixes.size() == query.maxKeys()) {
                return page(true);
            }
            show(next.get());
        }
    }

    /** The next version in order; its cursor stays before it. */
    private Optional<VersionPage.Entry> next() {
        while (true) {
            Optional<KeyValue> head = heads.peek();
            Optional<KeyValue> version = versions.peek();
            if (head.isEmpty() && version.isEmpty()) {
                return Optional.empty();
            }
            if (version.isEmpty() || head.isPresent() && comesFirst(head.get(), version.get())) {
                Optional<VersionPage.Entry> entry = ofHead(head.orElseThrow());
                if (entry.isPresent()) {
                    return entry;
                }
                heads.next();
            } else {
                String key = Keys.keyOf(version.get().key());
                VersionSummary summary = ObjectRecords.decodeVersionSummary(version.get());
                boolean latest = key.equals(latestKey) && summary.seq() == latestSeq;
                return Optional.of(new VersionPage.Entry(key, summary, latest));
            }
        }
    }

    /** A head comes before the versions of its key: it is a prefix of their keys. */
    private static boolean comesFirst(KeyValue head, KeyValue version) {
        return Keys.compareByKey(head.key(), version.key()) <= 0;
    }

    private Optional<VersionPage.Entry> ofHead(KeyValue stored) {
        Head head = ObjectRecords.decodeHead(stored);
        latestKey = Keys.keyOf(stored.key());
        latestSeq = head.summary().seq();
        boolean isShown =
                head.current() instanceof Head.Itself
                        && !(markerSeq != 0
                                && latestKey.equals(query.keyMarker())
                                && latestSeq >= markerSeq);
        return isShown
                ? Optional.of(new VersionPage.Entry(latestKey, head.summary(), true))
                : Optional.empty();
    }

    private void show(VersionPage.Entry entry) {
        Optional<String> commonPrefix = rollUp.of(entry.key());
        if (commonPrefix.isPresent()) {
            lastKey = commonPrefix.get();
            lastVersion = Optional.empty();
            commonPrefixes.add(lastKey);
            Start after = after(lastKey);
            heads.seek(after.heads());
            versions.seek(after.versions());
            return;
        }
        VersionSummary version = entry.version();
        lastKey = entry.key();
        lastVersion = Optional.of(new VersionId.Numbered(version.seq(), version.tag()).toString());
        shown.add(entry);
        if (entry.latest() && isInHead(entry.key())) {
            heads.next();
        } else {
            versions.next();
        }
    }

    /** Whether the entry came from the head that the cursor still stands before. */
    private boolean isInHead(String key) {
        return heads.peek().map(KeyValue::key).filter(Keys.head(bucket, key)::equals).isPresent();
    }

    private VersionPage page(boolean truncated) {
        return new VersionPage(
                List.copyOf(shown), List.copyOf(commonPrefixes), truncated, lastKey, lastVersion);
    }
}
