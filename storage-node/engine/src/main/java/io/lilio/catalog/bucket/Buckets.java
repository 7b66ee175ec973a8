package io.lilio.catalog.bucket;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.RefusedReason;
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
import java.util.function.Function;
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
        run(new CreateBucket(commits.store(), fresh(name, owner, chunkSize)));
    }

    private Bucket fresh(String name, String owner, int chunkSize) {
        BucketName.check(name);
        if (chunkSize < MIN_CHUNK_SIZE || chunkSize > MAX_CHUNK_SIZE) {
            throw new ObjectStoreException(
                    Kind.INVALID_ARGUMENT,
                    "A chunk has 64 KiB to 64 MiB, not " + chunkSize + " bytes.");
        }
        UUID id = new UUID(commits.tag(), commits.tag());
        return new Bucket(id, name, commits.now(), Versioning.OFF, chunkSize, owner, "", 0, 0);
    }

    /**
     * What somebody wants to make and remove through the admin API.
     *
     * @param versioning of a bucket that is made; one that is there keeps its own
     * @param manager who asks, as that one calls itself; not empty
     * @param adopt whether a bucket that belongs to nobody is taken over
     */
    public record Claim(String name, Versioning versioning, String manager, boolean adopt) {}

    /**
     * Makes a bucket that belongs to somebody, or finds that it does already.
     *
     * @param owner who is shown as its owner to S3 clients
     * @param chunkSize as in {@link #create}
     * @return the bucket; of one that was made or taken over now, without its revisions
     * @throws ObjectStoreException {@code INVALID_BUCKET_NAME}; {@code BUCKET_ALREADY_EXISTS}, and
     *     belongs to nobody; {@code BUCKET_OWNED_BY_ANOTHER}, whatever is asked; {@code
     *     INVALID_ARGUMENT}, {@code UNKNOWN_OUTCOME}
     */
    public Bucket claim(Claim claim, String owner, int chunkSize) {
        Bucket fresh =
                fresh(claim.name(), owner, chunkSize)
                        .with(claim.versioning())
                        .withManager(claim.manager());
        return run(new ClaimBucket(commits.store(), fresh, claim.adopt()));
    }

    /**
     * Gives a bucket up, so that it belongs to nobody and S3 clients may remove it.
     *
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}, {@code BUCKET_OWNED_BY_ANOTHER}, {@code
     *     UNKNOWN_OUTCOME}. That it belongs to nobody already is no error
     */
    public Bucket release(String name, String manager) {
        return run(
                new RewriteBucket(
                        commits.store(),
                        name,
                        bucket ->
                                bucket.managedBy().isEmpty()
                                        ? Optional.empty()
                                        : bucket.refusalOf(manager),
                        bucket -> bucket.withManager("")));
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
     * Removes an empty bucket that belongs to nobody: no object, no version, no delete marker, no
     * open upload.
     *
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}, {@code BUCKET_NOT_EMPTY}, {@code
     *     BUCKET_OWNED_BY_ANOTHER}, {@code UNKNOWN_OUTCOME}
     */
    public void delete(String name) {
        delete(name, "");
    }

    /** The same, of one that belongs to somebody, who asks for it. */
    public void delete(String name, String manager) {
        Bucket gone = run(new DeleteBucket(commits.store(), name, manager));
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
        setVersioning(name, versioning, _ -> Optional.empty());
    }

    /**
     * The same, of a bucket that belongs to somebody, who asks for it.
     *
     * @throws ObjectStoreException also {@code BUCKET_OWNED_BY_ANOTHER}
     */
    public Bucket setVersioning(String name, Versioning versioning, String manager) {
        return setVersioning(name, versioning, bucket -> bucket.refusalOf(manager));
    }

    private Bucket setVersioning(
            String name, Versioning versioning, Function<Bucket, Optional<RefusedReason>> refusal) {
        if (versioning == Versioning.OFF) {
            throw new ObjectStoreException(
                    Kind.INVALID_ARGUMENT, "Versioning can be suspended, not switched off.");
        }
        return run(
                new RewriteBucket(
                        commits.store(), name, refusal, bucket -> bucket.with(versioning)));
    }

    /** The bucket that was made, changed or removed; of it only what the commit has decided. */
    private Bucket run(Change<Bucket> change) {
        try (InFlight request = sessions.begin()) {
            return commits.run(request, change).orThrow();
        }
    }
}
