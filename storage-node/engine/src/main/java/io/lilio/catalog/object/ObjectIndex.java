package io.lilio.catalog.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketRead;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.session.InFlight;
import java.util.List;
import java.util.Optional;

/**
 * The objects: looked up linearizably, changed in one transaction each. Thread-safe.
 *
 * <p>Callers join their session's in-flight set before the first call and stay in it as long as
 * they use what they found. Look-ups throw {@link ObjectStoreException} {@code NO_SUCH_BUCKET}, and
 * {@link io.lilio.metadata.MetadataUnavailableException} when the metadata do not answer. Changes
 * answer with a {@link CommitOutcome}, whatever happened. Internal conflicts are retried with the
 * conditions evaluated anew and never surface.
 */
public final class ObjectIndex {

    private static final int MAX_ROUNDS = 1_000;

    private final Commits commits;
    private final BucketReads reads;
    private final UsageRecords usage;

    public ObjectIndex(Commits commits, BucketReads reads, UsageRecords usage) {
        this.commits = commits;
        this.reads = reads;
        this.usage = usage;
    }

    /** The current version, which may be a delete marker. */
    public Found find(String bucket, String key) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            BucketRead read = reads.read(bucket, id -> List.of(Keys.head(id, key)));
            Optional<Head> head = read.get(0).map(ObjectRecords::decodeHead);
            if (head.isEmpty()) {
                return new Found(read.bucket(), Optional.empty());
            }
            switch (head.get().current()) {
                case Head.Itself(ObjectVersion version) -> {
                    return new Found(read.bucket(), Optional.of(version));
                }
                case Head.AmongVersions(VersionSummary summary) -> {
                    Optional<ObjectVersion> version = version(read.bucket(), key, summary.seq());
                    if (version.isPresent()) {
                        return new Found(read.bucket(), version);
                    }
                    // Deleted between the two reads: there is another head now.
                }
            }
        }
        throw new ObjectStoreException(
                Kind.SLOW_DOWN, "The object's versions are deleted all the time; try again.");
    }

    /** What a change of the key's current version begins with. */
    public HeadLook look(String bucket, String key) {
        return HeadLook.at(reads, bucket, key);
    }

    /** One version, which may be a delete marker. */
    public Found find(String bucket, String key, VersionId version) {
        return switch (version) {
            case VersionId.Numbered numbered -> find(bucket, key, numbered);
            case VersionId.Null() -> findNull(bucket, key);
        };
    }

    private Found find(String bucket, String key, VersionId.Numbered numbered) {
        BucketRead read = reads.read(bucket, id -> List.of(Keys.version(id, key, numbered.seq())));
        return new Found(
                read.bucket(),
                read.get(0)
                        .map(ObjectRecords::decodeVersion)
                        .filter(version -> version.id().equals(numbered)));
    }

    private Found findNull(String bucket, String key) {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            BucketRead read = reads.read(bucket, id -> List.of(Keys.head(id, key)));
            Optional<Head> head = read.get(0).map(ObjectRecords::decodeHead);
            if (head.isPresent() && head.get().current() instanceof Head.Itself(var version)) {
                return new Found(read.bucket(), Optional.of(version));
            }
            if (head.isEmpty() || head.get().nullSeq() == 0) {
                return new Found(read.bucket(), Optional.empty());
            }
            Optional<ObjectVersion> version = version(read.bucket(), key, head.get().nullSeq());
            if (version.isPresent()) {
                return new Found(read.bucket(), version);
            }
        }
        throw new ObjectStoreException(
                Kind.SLOW_DOWN, "The object's null version is replaced all the time; try again.");
    }

    private Optional<ObjectVersion> version(Bucket bucket, String key, long seq) {
        Optional<KeyValue> stored =
                commits.store().read(List.of(Keys.version(bucket.id(), key, seq))).get(0);
        return stored.map(ObjectRecords::decodeVersion);
    }

    /**
     * Makes an object the current version of its key. What it replaces goes to the trash in the
     * same transaction.
     *
     * @param request the in-flight request, which stays held while the outcome is unknown
     * @param opened bucket and head when the blob was opened. Only the bucket's identity has to
     *     hold still; while the head does too, it need not be looked at again
     */
    public CommitOutcome<Stored> put(
            InFlight request, HeadLook opened, Draft draft, Conditions conditions) {
        PutChange.Put put = new PutChange.Put(opened, draft, conditions);
        return run(request, opened.bucket(), new PutChange(commits, reads, put));
    }

    /**
     * Replaces the attributes of the current version in place: its blobs stay, sequence number and
     * time are new.
     *
     * @param source the version that was looked at; another current one is refused with {@code
     *     SOURCE_CHANGED}, one that has to stay beside the new one with {@code NEEDS_COPY}
     */
    public CommitOutcome<Stored> rewrite(
            InFlight request,
            Bucket bucket,
            ObjectVersion source,
            Attributes attributes,
            Conditions conditions) {
        RewriteChange.Rewrite rewrite =
                new RewriteChange.Rewrite(bucket, source, attributes, conditions);
        return run(request, bucket, new RewriteChange(commits, reads, rewrite));
    }

    /** Deletes the current version: for good, or by a delete marker where versions are kept. */
    public CommitOutcome<Deleted> delete(
            InFlight request, Bucket bucket, String key, Conditions conditions) {
        DeleteChange.Delete delete = new DeleteChange.Delete(bucket, key, conditions);
        return run(request, bucket, new DeleteChange(commits, reads, delete));
    }

    /**
     * Deletes one version for good; the next newest becomes current. One that does not exist is no
     * error.
     */
    public CommitOutcome<Deleted> delete(
            InFlight request, Bucket bucket, String key, VersionId version, Conditions conditions) {
        DeleteVersionChange.Delete delete =
                new DeleteVersionChange.Delete(bucket, key, version, conditions);
        return run(request, bucket, new DeleteVersionChange(commits, reads, delete));
    }

    private <T> CommitOutcome<T> run(InFlight request, Bucket bucket, Change<Counted<T>> change) {
        return commits.run(request, change)
                .map(
                        counted -> {
                            usage.count(bucket.id(), counted.change());
                            return counted.value();
                        });
    }
}
