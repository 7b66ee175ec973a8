package io.lilio.maintenance.remove;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.Catalog;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.listing.Listings.Listed;
import io.lilio.catalog.listing.UploadPage;
import io.lilio.catalog.listing.UploadQuery;
import io.lilio.catalog.listing.VersionPage;
import io.lilio.catalog.listing.VersionQuery;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.upload.Upload;
import io.lilio.maintenance.run.Parallel;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Removes what a bucket holds, a page at a time: each version, marker and upload as a client would.
 * Every one of these commits compares the bucket's identity, so another bucket that gets its name
 * loses nothing. Used by one thread.
 */
final class Emptying {

    private static final int PAGE = 1_000;

    private final Catalog catalog;
    private final Sessions sessions;
    private final Bucket bucket;
    private final Parallel parallel;
    private final AtomicLong removed = new AtomicLong();
    private VersionQuery next = fromTheStart();

    Emptying(Catalog catalog, Sessions sessions, Bucket bucket, Parallel parallel) {
        this.catalog = catalog;
        this.sessions = sessions;
        this.bucket = bucket;
        this.parallel = parallel;
    }

    private static VersionQuery fromTheStart() {
        return new VersionQuery("", "", "", null, PAGE);
    }

    /** Versions, delete markers and uploads that were removed. */
    long removed() {
        return removed.get();
    }

    /**
     * Removes a page of versions, or when there are no more, of uploads.
     *
     * @return whether more may be left
     * @throws ObjectStoreException NO_SUCH_BUCKET, also when its name is another's now;
     *     BUCKET_OWNED_BY_ANOTHER when it was given up; what the deletion of an object throws
     */
    boolean removeSome() {
        VersionPage page = same(catalog.listings().versions(bucket.name(), next));
        // What was removed leaves its trace in some stores, which scans would pass again and again.
        next =
                page.truncated()
                        ? new VersionQuery(
                                "", "", page.nextKey(), page.nextVersion().orElse(null), PAGE)
                        : fromTheStart();
        if (!page.versions().isEmpty()) {
            parallel.each(byKey(page), this::delete);
            return true;
        }
        return page.truncated() || abortUploads();
    }

    private boolean abortUploads() {
        UploadQuery first = new UploadQuery("", "", "", Optional.empty(), PAGE);
        UploadPage page = same(catalog.listings().uploads(bucket.name(), first));
        if (page.uploads().isEmpty()) {
            return false;
        }
        parallel.each(page.uploads(), this::abort);
        return true;
    }

    /** A page of this bucket, as long as it belongs to whom it belonged to. */
    private <P> P same(Listed<P> listed) {
        if (!listed.bucket().id().equals(bucket.id())) {
            throw new ObjectStoreException(
                    Kind.NO_SUCH_BUCKET, "The bucket was removed, and another has its name now.");
        }
        listed.bucket().requireManagedBy(bucket.managedBy());
        return listed.page();
    }

    /** Versions of one key are removed one after the other: each changes the key's record. */
    private static Collection<List<VersionPage.Entry>> byKey(VersionPage page) {
        Map<String, List<VersionPage.Entry>> keys = new LinkedHashMap<>();
        for (VersionPage.Entry entry : page.versions()) {
            keys.computeIfAbsent(entry.key(), _ -> new ArrayList<>()).add(entry);
        }
        return keys.values();
    }

    private void delete(List<VersionPage.Entry> versions) {
        for (VersionPage.Entry entry : versions.reversed()) {
            try (InFlight request = sessions.begin()) {
                catalog.objects()
                        .delete(
                                request,
                                bucket,
                                entry.key(),
                                entry.version().id(),
                                Conditions.none())
                        .orThrow();
            }
            removed.incrementAndGet();
        }
    }

    private void abort(Upload upload) {
        try (InFlight request = sessions.begin()) {
            catalog.uploads().abort(request, bucket, upload.key(), upload.id()).orThrow();
            removed.incrementAndGet();
        } catch (ObjectStoreException refused) {
            if (refused.kind() != Kind.NO_SUCH_UPLOAD) {
                throw refused;
            }
        }
    }
}
