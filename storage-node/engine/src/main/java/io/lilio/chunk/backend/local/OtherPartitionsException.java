package io.lilio.chunk.backend.local;

import java.nio.file.Path;

/**
 * An index that holds chunks goes by another number of partitions than it was to be opened for.
 * Nothing is found in it by the wrong number, and what is added by it is never found by the right
 * one.
 */
final class OtherPartitionsException extends IndexException {

    OtherPartitionsException(Path index, int its, int asked) {
        super(
                ("its index goes by %d partitions, but the cluster has %d: put the metadata back"
                                + " under which it was filled or, if these are right, remove %s to"
                                + " have it made anew from the chunks")
                        .formatted(its, asked, index));
    }
}
