package io.lilio.metadata;

import java.util.List;
import java.util.Optional;

/**
 * What keys held at one revision.
 *
 * @param revision the store's revision that this is a picture of
 * @param values one for each key asked for, in that order
 */
public record ReadResult(long revision, List<Optional<KeyValue>> values) {

    public Optional<KeyValue> get(int index) {
        return values.get(index);
    }
}
