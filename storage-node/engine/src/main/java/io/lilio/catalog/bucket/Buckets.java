package io.lilio.catalog.bucket;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.usage.UsageRecords;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The buckets. Thread-safe. Every method also throws {@link ObjectStoreException} {@code
 * UNAVAILABLE} when this node has no session, and {@link
 * io.lilio.metadata.MetadataUnavailableException} when the metadata do not answer a read.
 */
public final class Buckets {

    private static final int MIN_CHUNK_SIZE = 64 * 1024;
    private static final int MAX_CHUNK_SIZE = 64 * 1024 * 1024;
    private static final int MAX_PAGE = 10_000;

    private final Commits commits;
    private final BucketReads reads;
    private final Sessions sessions;
    private final UsageRecords usage;

    public Buckets(Commits commits, BucketReads reads, Sessions sessions, UsageRecords usage) {
        this.commits = commits;
        this.reads = reads;
        this.sessions = sessions;
        this.usage = usage;
    }

    /**
     * Creates a bucket.
     *
     * @param owner who asks
     * @param chunkSize bytes per chunk of its blobs, 64 KiB to 64 MiB
     * @throws ObjectStoreException {@code INVALID_BUCKET_NAME} (S3's naming rules), {@code
     *     BUCKET_ALREADY_EXISTS} (whoever owns it: the edge compares owners where its answer
     *     differs), {@code INVALID_ARGUMENT} (chunk size), {@code UNKNOWN_OUTCOME}
     */
    public void create(String name, String owner, int chunkSize) {
        BucketName.check(name);
        if (chunkSize < MIN_CHUNK_SIZE || chunkSize > MAX_CHUNK_SIZE) {
            throw new ObjectStoreException(
                    Kind.INVALID_ARGUMENT,
                    "A chunk has 64 KiB to 64 MiB, not " + chunkSize + " bytes.");
        }
        UUID id = new UUID(commits.tag(), commits.tag());
        Bucket fresh = new Bucket(id, name, commits.now(), Versioning.OFF, chunkSize, owner, 0, 0);
        run(new CreateBucket(commits.store(), fresh));
    }

    /**
     * The bucket, linearizable: never from a cache.
     *
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}
     */
    public Bucket get(String name) {
        return reads.read(name, id -> List.of()).bucket();
    }

    /**
     * A page of buckets in order of their names.
     *
     * @param after the last name of the page before, or null
     * @param limit 1 to 10,000
     */
    public List<Bucket> list(@Nullable String after, int limit) {
        KeyRange all = Keys.buckets();
        KeyRange range = after == null ? all : new KeyRange(Keys.bucket(after).next(), all.to());
        try (ReadView view = commits.store().view()) {
            return view.scan(range, Math.min(limit, MAX_PAGE)).entries().stream()
                    .map(BucketRecords::decode)
                    .toList();
        }
    }

    /** Every bucket, in order of their names, as they are at one revision. */
    public void each(Consumer<Bucket> visitor) {
        try (ReadView view = commits.store().view()) {
            Scan.all(
                    view,
                    Keys.buckets(),
                    MAX_PAGE,
                    stored -> visitor.accept(BucketRecords.decode(stored)));
        }
    }

    /** The bucket whose chunks are the largest, or one of those; empty when there is no bucket. */
    public Optional<Bucket> withLargestChunks() {
        Optional<Bucket> largest = Optional.empty();
        List<Bucket> page = list(null, MAX_PAGE);
        while (!page.isEmpty()) {
            largest =
                    Stream.concat(largest.stream(), page.stream())
                            .max(Comparator.comparingInt(Bucket::chunkSize));
            page = list(page.getLast().name(), MAX_PAGE);
        }
        return largest;
    }

    /**
     * Removes an empty bucket: no object, no version, no delete marker, no open upload.
     *
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}, {@code BUCKET_NOT_EMPTY}, {@code
     *     UNKNOWN_OUTCOME}
     */
    public void delete(String name) {
        Bucket gone = run(new DeleteBucket(commits.store(), name));
        usage.forget(gone.id());
    }

    /**
     * Enables or suspends versioning. Commits under way notice and decide again.
     *
     * @param versioning not {@code OFF}
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}, {@code INVALID_ARGUMENT}, {@code
     *     UNKNOWN_OUTCOME}
     */
    public void setVersioning(String name, Versioning versioning) {
        if (versioning == Versioning.OFF) {
            throw new ObjectStoreException(
                    Kind.INVALID_ARGUMENT, "Versioning can be suspended, not switched off.");
        }
        run(new SetVersioning(commits.store(), name, versioning));
    }

    /** The bucket that was made, changed or removed; of it only what the commit has decided. */
    private Bucket run(Change<Bucket> change) {
        try (InFlight request = sessions.begin()) {
            return commits.run(request, change).orThrow();
        }
    }
}
