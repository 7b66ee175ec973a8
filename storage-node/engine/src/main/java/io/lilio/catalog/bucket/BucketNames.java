package io.lilio.catalog.bucket;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What buckets are called of which other records know the identity alone. */
public final class BucketNames {

    private static final int PAGE = 1_000;

    private BucketNames() {}

    /**
     * The names of those of the buckets that are there. Reads the records of buckets until it has
     * found all that are asked for; keeps no others in memory.
     */
    public static Map<UUID, String> of(ReadView view, Set<UUID> wanted) {
        Map<UUID, String> names = new HashMap<>();
        KeyRange rest = Keys.buckets();
        while (names.size() < wanted.size()) {
            ScanPage page = view.scan(rest, PAGE);
            for (KeyValue stored : page.entries()) {
                Bucket bucket = BucketRecords.decode(stored);
                if (wanted.contains(bucket.id())) {
                    names.put(bucket.id(), bucket.name());
                }
            }
            if (page.complete()) {
                break;
            }
            rest = Scan.after(page, rest);
        }
        return names;
    }
}
