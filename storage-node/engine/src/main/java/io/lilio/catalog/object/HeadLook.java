package io.lilio.catalog.object;

import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketRead;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A bucket, a key's head in it, and other keys, all at one revision: what a change of that key's
 * versions is decided on.
 *
 * @param others what the other keys held, in the order asked for
 */
public record HeadLook(
        Bucket bucket,
        String key,
        Optional<Head> head,
        long revision,
        List<Optional<KeyValue>> others) {

    /**
     * Looks for the first time.
     *
     * @throws io.lilio.ObjectStoreException {@code NO_SUCH_BUCKET}
     */
    static HeadLook at(BucketReads reads, String bucket, String key) {
        return of(reads.read(bucket, id -> List.of(Keys.head(id, key))), key);
    }

    /**
     * Looks again.
     *
     * @param seen the bucket as it was seen before; empty when it is there no more
     */
    public static Optional<HeadLook> at(
            BucketReads reads, Bucket seen, String key, List<Bytes> others) {
        List<Bytes> keys = new ArrayList<>(others.size() + 1);
        keys.add(Keys.head(seen.id(), key));
        keys.addAll(others);
        return reads.readSame(seen, keys).map(read -> of(read, key));
    }

    private static HeadLook of(BucketRead read, String key) {
        return new HeadLook(
                read.bucket(),
                key,
                read.get(0).map(ObjectRecords::decodeHead),
                read.revision(),
                read.values().subList(1, read.values().size()));
    }

    /** That bucket (its versioning included) and head are still what they were here. */
    public List<Compare> unchanged() {
        return List.of(
                new Compare.ModRevision(Keys.bucket(bucket.name()), bucket.modRevision()),
                head.isPresent()
                        ? new Compare.ModRevision(headKey(), head.get().modRevision())
                        : new Compare.Absent(headKey()));
    }

    public Bytes headKey() {
        return Keys.head(bucket.id(), key);
    }

    /** The current version as conditions see it: a delete marker is no object. */
    public Optional<VersionSummary> currentObject() {
        return head.map(Head::summary).filter(summary -> !summary.deleteMarker());
    }

    /**
     * The sequence number of the next version: greater than those of all versions that the key has
     * while this look holds, since a key with versions has a head, and each of them is at most the
     * revision it was committed at. It may be one that was removed since; the tag tells them apart.
     */
    public long nextSeq() {
        return Math.max(revision, head.map(there -> there.summary().seq()).orElse(0L)) + 1;
    }
}
