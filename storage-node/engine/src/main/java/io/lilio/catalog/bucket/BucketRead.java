package io.lilio.catalog.bucket;

import io.lilio.metadata.KeyValue;
import java.util.List;
import java.util.Optional;

/**
 * A bucket and what other keys held, all at one revision.
 *
 * @param values one for each key asked for, in that order
 */
public record BucketRead(Bucket bucket, long revision, List<Optional<KeyValue>> values) {

    public Optional<KeyValue> get(int index) {
        return values.get(index);
    }
}
