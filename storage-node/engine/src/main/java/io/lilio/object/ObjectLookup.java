package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.About;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.object.Conditions.Verdict;
import io.lilio.catalog.object.Found;
import io.lilio.catalog.object.ObjectIndex;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.object.VersionId;
import io.lilio.catalog.object.VersionSummary;
import java.util.Optional;

/** Finds what a read asks for, and says why not. Thread-safe. */
final class ObjectLookup {

    /**
     * What was found.
     *
     * @param range the bytes asked for
     */
    record Located(
            Bucket bucket,
            ObjectVersion version,
            Content content,
            ObjectInfo info,
            ContentRange range) {}

    private final ObjectIndex objects;

    ObjectLookup(ObjectIndex objects) {
        this.objects = objects;
    }

    /**
     * @throws ObjectStoreException as {@link GetObject#open}
     */
    Located find(ReadRequest request) {
        Located located = locate(request);
        switch (request.conditions().forRead(located.version().summary())) {
            case PASSED -> {}
            case NOT_MODIFIED ->
                    throw new ObjectStoreException(
                            Kind.NOT_MODIFIED, "The object was not modified", about(located));
            case FAILED, NO_OBJECT -> throw preconditionFailed(located);
        }
        return located;
    }

    /**
     * The source of a copy: conditions that fail are always PRECONDITION_FAILED.
     *
     * @throws ObjectStoreException as {@link GetObject#open}
     */
    Located findSource(CopySource source, Optional<ReadRange> range) {
        Located located =
                locate(
                        new ReadRequest(
                                source.address(), source.versionId(), source.conditions(), range));
        if (source.conditions().forCopySource(located.version().summary()) != Verdict.PASSED) {
            throw preconditionFailed(located);
        }
        return located;
    }

    private Located locate(ReadRequest request) {
        Found found = look(request.address(), request.versionId());
        ObjectVersion version =
                found.version().orElseThrow(() -> missing(request.versionId().isPresent()));
        Optional<String> versionId = shownId(found.bucket().versioning(), version.id());
        VersionSummary summary = version.summary();
        Content content =
                version.content().orElseThrow(() -> deleteMarker(request, summary, versionId));
        ObjectInfo info =
                new ObjectInfo(
                        summary.size(),
                        summary.etag(),
                        summary.lastModified(),
                        versionId,
                        version.attributes(),
                        summary.checksum(),
                        version.parts());
        ContentRange range =
                Ranges.resolve(request.range(), content)
                        .orElseThrow(
                                () ->
                                        new ObjectStoreException(
                                                Kind.INVALID_RANGE,
                                                "The requested range is not satisfiable",
                                                about(summary, versionId)));
        return new Located(found.bucket(), version, content, info, range);
    }

    private Found look(ObjectAddress address, Optional<String> versionId) {
        return versionId.isEmpty()
                ? objects.find(address.bucket(), address.key())
                : objects.find(address.bucket(), address.key(), VersionId.parse(versionId.get()));
    }

    /** The id that clients see: none where versioning was never enabled. */
    static Optional<String> shownId(Versioning versioning, VersionId id) {
        return versioning == Versioning.OFF ? Optional.empty() : Optional.of(id.toString());
    }

    private static ObjectStoreException missing(boolean versionNamed) {
        return versionNamed
                ? new ObjectStoreException(
                        Kind.NO_SUCH_VERSION, "The specified version does not exist.")
                : new ObjectStoreException(Kind.NO_SUCH_KEY, "The specified key does not exist.");
    }

    private static ObjectStoreException deleteMarker(
            ReadRequest request, VersionSummary summary, Optional<String> versionId) {
        return request.versionId().isPresent()
                ? new ObjectStoreException(
                        Kind.VERSION_IS_DELETE_MARKER,
                        "The specified method is not allowed against this resource.",
                        about(summary, versionId))
                : new ObjectStoreException(
                        Kind.DELETE_MARKER,
                        "The specified key does not exist.",
                        about(summary, versionId));
    }

    private static ObjectStoreException preconditionFailed(Located located) {
        return new ObjectStoreException(
                Kind.PRECONDITION_FAILED,
                "At least one of the pre-conditions you specified did not hold",
                about(located));
    }

    private static About about(Located located) {
        return about(located.version().summary(), located.info().versionId());
    }

    private static About about(VersionSummary summary, Optional<String> versionId) {
        return new About(versionId, summary.etag(), summary.lastModified(), summary.size());
    }
}
