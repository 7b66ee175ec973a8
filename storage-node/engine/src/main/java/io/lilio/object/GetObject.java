package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import io.lilio.object.ObjectLookup.Located;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads an object or a part of it. Thread-safe. */
public final class GetObject {

    private final Sessions sessions;
    private final ObjectLookup lookup;
    private final Blobs blobs;

    GetObject(Sessions sessions, ObjectLookup lookup, Blobs blobs) {
        this.sessions = sessions;
        this.lookup = lookup;
        this.blobs = blobs;
    }

    /**
     * Finds the version, checks conditions and range, and waits for the first bytes, so that what
     * cannot be read fails here and not in the middle of an answer. What is open stays readable
     * until it is closed, whatever is written or deleted meanwhile.
     *
     * @return to be closed by the caller
     * @throws ObjectStoreException NO_SUCH_BUCKET, NO_SUCH_KEY, NO_SUCH_VERSION, DELETE_MARKER,
     *     VERSION_IS_DELETE_MARKER, PRECONDITION_FAILED, NOT_MODIFIED, INVALID_RANGE, UNAVAILABLE,
     *     SLOW_DOWN; those about a version that was found tell of it in {@link
     *     ObjectStoreException#about}
     */
    public OpenObject open(ReadRequest request) {
        return open(() -> lookup.find(request));
    }

    /** Opens the source of a copy. */
    OpenObject openSource(CopySource source, Optional<ReadRange.FromTo> range) {
        return open(() -> lookup.findSource(source, range));
    }

    /** Joins the requests in flight before the first read (rule REGISTER_BEFORE_READ). */
    private OpenObject open(Supplier<Located> look) {
        InFlight inFlight = sessions.begin();
        boolean opened = false;
        try {
            Located located = look.get();
            Pieces pieces = blobs.open(located.content(), located.range());
            opened = true;
            return new OpenObject(located, pieces, inFlight);
        } catch (MetadataUnavailableException e) {
            throw Failures.unavailable(e);
        } finally {
            if (!opened) {
                inFlight.close();
            }
        }
    }
}
