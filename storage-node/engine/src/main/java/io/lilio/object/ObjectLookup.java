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

    /** A version that has content, before anybody asked for bytes of it. */
    private record Match(Bucket bucket, ObjectVersion version, Content content, ObjectInfo info) {

        VersionSummary summary() {
            return version.summary();
        }

        Located at(ContentRange range) {
            return new Located(bucket, version, content, info, range);
        }
    }

    private final ObjectIndex objects;

    ObjectLookup(ObjectIndex objects) {
        this.objects = objects;
    }

    /**
     * The bytes of a read. Its conditions are judged before its range, which may be one of a
     * version that is gone.
     *
     * @throws ObjectStoreException as {@link GetObject#open}
     */
    Located find(ReadRequest request) {
        Match match = match(request.address(), request.versionId());
        switch (request.conditions().forRead(match.summary())) {
            case PASSED -> {}
            case NOT_MODIFIED ->
                    throw new ObjectStoreException(
                            Kind.NOT_MODIFIED, "The object was not modified", about(match));
            case FAILED, NO_OBJECT -> throw preconditionFailed(match);
        }
        return match.at(
                Ranges.resolve(request.rangeOf(match.summary()), match.content())
                        .orElseThrow(
                                () ->
                                        new ObjectStoreException(
                                                Kind.INVALID_RANGE,
                                                "The requested range is not satisfiable",
                                                about(match))));
    }

    /**
     * The source of a copy: conditions that fail are always PRECONDITION_FAILED, and a range that
     * it does not have as a whole is INVALID_ARGUMENT.
     *
     * @throws ObjectStoreException as {@link GetObject#open} for all else
     */
    Located findSource(CopySource source, Optional<ReadRange.FromTo> range) {
        Match match = match(source.address(), source.versionId());
        if (source.conditions().forCopySource(match.summary()) != Verdict.PASSED) {
            throw preconditionFailed(match);
        }
        return match.at(
                Ranges.exact(range, match.content().size())
                        .orElseThrow(
                                () ->
                                        new ObjectStoreException(
                                                Kind.INVALID_ARGUMENT,
                                                "Range specified is not valid for source object of"
                                                        + " size: "
                                                        + match.content().size())));
    }

    private Match match(ObjectAddress address, Optional<String> named) {
        Found found = look(address, named);
        ObjectVersion version = found.version().orElseThrow(() -> missing(named.isPresent()));
        Optional<String> versionId = shownId(found.bucket().versioning(), version.id());
        VersionSummary summary = version.summary();
        Content content =
                version.content()
                        .orElseThrow(() -> deleteMarker(named.isPresent(), summary, versionId));
        ObjectInfo info =
                new ObjectInfo(
                        summary.size(),
                        summary.etag(),
                        summary.lastModified(),
                        versionId,
                        version.attributes(),
                        summary.checksum(),
                        version.parts());
        return new Match(found.bucket(), version, content, info);
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
            boolean versionNamed, VersionSummary summary, Optional<String> versionId) {
        return versionNamed
                ? new ObjectStoreException(
                        Kind.VERSION_IS_DELETE_MARKER,
                        "The specified method is not allowed against this resource.",
                        about(summary, versionId))
                : new ObjectStoreException(
                        Kind.DELETE_MARKER,
                        "The specified key does not exist.",
                        about(summary, versionId));
    }

    private static ObjectStoreException preconditionFailed(Match match) {
        return new ObjectStoreException(
                Kind.PRECONDITION_FAILED,
                "At least one of the pre-conditions you specified did not hold",
                about(match));
    }

    private static About about(Match match) {
        return about(match.summary(), match.info().versionId());
    }

    private static About about(VersionSummary summary, Optional<String> versionId) {
        return new About(versionId, summary.etag(), summary.lastModified(), summary.size());
    }
}
