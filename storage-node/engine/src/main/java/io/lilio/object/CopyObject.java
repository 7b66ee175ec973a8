package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.object.ObjectIndex;
import io.lilio.catalog.object.Stored;
import io.lilio.digest.Checksum;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import io.lilio.object.ObjectLookup.Located;
import java.util.Optional;

/**
 * Copies an object. The bytes are written anew, since a blob has one owner; only a copy onto itself
 * with other attributes keeps them and rewrites the record. Thread-safe.
 */
public final class CopyObject {

    /** Looks at an object that others keep changing. */
    private static final int REWRITE_ATTEMPTS = 16;

    private final Sessions sessions;
    private final ObjectLookup lookup;
    private final ObjectIndex objects;
    private final GetObject get;
    private final PutObject put;

    CopyObject(
            Sessions sessions,
            ObjectLookup lookup,
            ObjectIndex objects,
            GetObject get,
            PutObject put) {
        this.sessions = sessions;
        this.lookup = lookup;
        this.objects = objects;
        this.get = get;
        this.put = put;
    }

    /**
     * Blocks until the copy is visible.
     *
     * @throws ObjectStoreException as {@link GetObject#open} for the source, whose conditions fail
     *     with PRECONDITION_FAILED alone, and as {@link PutObject#put} for the target;
     *     INVALID_REQUEST for a copy onto itself that changes nothing, or of a source that is too
     *     large for one PUT
     */
    public CopyResult copy(CopyRequest request) {
        CopySource source = request.source();
        boolean ontoItself =
                source.address().equals(request.target()) && source.versionId().isEmpty();
        if (!ontoItself || request.checksum().isPresent()) {
            return copyBytes(request);
        }
        if (!request.attributes().changes()) {
            throw new ObjectStoreException(
                    Kind.INVALID_REQUEST,
                    "A copy of an object onto itself has to change something");
        }
        return rewrite(request).orElseGet(() -> copyBytes(request));
    }

    private CopyResult copyBytes(CopyRequest request) {
        try (OpenObject source = get.openSource(request.source(), Optional.empty());
                StoredSource bytes = new StoredSource(source)) {
            if (source.info().size() > PutObject.MAX_BYTES) {
                throw new ObjectStoreException(
                        Kind.INVALID_REQUEST,
                        "The specified copy source is larger than the maximum allowable size for"
                                + " a copy source: "
                                + PutObject.MAX_BYTES);
            }
            PutRequest copy =
                    new PutRequest(
                            request.target(),
                            request.attributes().of(source.info().attributes()),
                            request.conditions(),
                            request.checksum()
                                    .or(() -> source.info().checksum().map(Checksum::algorithm)));
            return new CopyResult(put.put(copy, bytes), source.info().versionId());
        }
    }

    /** Empty when the object has to be copied, because the version it is now has to stay. */
    private Optional<CopyResult> rewrite(CopyRequest request) {
        try (InFlight inFlight = sessions.begin()) {
            for (int attempt = 0; attempt < REWRITE_ATTEMPTS; attempt++) {
                Located source = lookup.findSource(request.source(), Optional.empty());
                CommitOutcome<Stored> outcome =
                        objects.rewrite(
                                inFlight,
                                source.bucket(),
                                source.version(),
                                request.attributes().of(source.info().attributes()),
                                request.conditions());
                if (outcome instanceof CommitOutcome.Refused<Stored>(RefusedReason reason)) {
                    if (reason == RefusedReason.NEEDS_COPY) {
                        return Optional.empty();
                    }
                    if (reason == RefusedReason.SOURCE_CHANGED) {
                        continue;
                    }
                }
                return Optional.of(
                        new CopyResult(
                                PutObject.result(outcome.orThrow()), source.info().versionId()));
            }
            throw RefusedReason.CONTENDED.asException();
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        }
    }
}
