package io.lilio.metadata.memory;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Limits;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ScanPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything the store holds at one revision. Immutable. */
record State(long revision, @Nullable KeyTree tree) {

    @Nullable Entry entry(Bytes key) {
        return KeyTree.get(tree, key);
    }

    private Optional<KeyValue> find(Bytes key) {
        return Optional.ofNullable(entry(key)).map(Entry::keyValue);
    }

    ReadResult read(List<Bytes> keys) {
        List<Optional<KeyValue>> values = new ArrayList<>(keys.size());
        for (Bytes key : keys) {
            values.add(find(key));
        }
        return new ReadResult(revision, values);
    }

    ScanPage scan(KeyRange range, int limit) {
        List<KeyValue> page = new ArrayList<>();
        long[] bytes = {0};
        boolean complete =
                KeyTree.visit(
                        tree,
                        range,
                        entry -> {
                            KeyValue next = entry.keyValue();
                            bytes[0] += next.key().length() + next.value().length();
                            if (page.size() == limit
                                    || (bytes[0] > Limits.MAX_PAGE_BYTES && !page.isEmpty())) {
                                return false;
                            }
                            page.add(next);
                            return true;
                        });
        return new ScanPage(page, complete);
    }

    boolean holds(Compare compare) {
        return switch (compare) {
            case Compare.Absent(Bytes key) -> entry(key) == null;
            case Compare.Present(Bytes key) -> entry(key) != null;
            case Compare.ModRevision(Bytes key, long expected) ->
                    find(key).filter(found -> found.modRevision() == expected).isPresent();
            case Compare.CreateRevision(Bytes key, long expected) ->
                    find(key).filter(found -> found.createRevision() == expected).isPresent();
            case Compare.ValueEquals(Bytes key, Bytes expected) ->
                    find(key).filter(found -> found.value().equals(expected)).isPresent();
            case Compare.RangeEmpty(KeyRange range) -> KeyTree.visit(tree, range, _ -> false);
        };
    }
}
