package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import java.util.OptionalLong;

/** Stores bytes of an existing object as a part of a multipart upload. Thread-safe. */
public final class UploadPartCopy {

    private final GetObject get;
    private final UploadPart upload;

    UploadPartCopy(GetObject get, UploadPart upload) {
        this.get = get;
        this.upload = upload;
    }

    /**
     * Blocks until the part is durable.
     *
     * @throws ObjectStoreException as {@link CopyObject#copy} for the source, INVALID_RANGE for
     *     bytes that it does not have, and as {@link UploadPart#upload}
     */
    public CopyResult copy(PartCopyRequest request) {
        try (OpenObject source =
                        get.openSource(request.source(), request.range().map(range -> range));
                StoredSource bytes = new StoredSource(source)) {
            request.range().ifPresent(range -> requireWhole(range, source.range()));
            if (source.range().length() > PutObject.MAX_BYTES) {
                throw new ObjectStoreException(
                        Kind.INVALID_REQUEST,
                        "The specified copy source is larger than the maximum allowable size for"
                                + " a copy source: "
                                + PutObject.MAX_BYTES);
            }
            PutResult part = upload.upload(request.part(), bytes);
            return new CopyResult(part, source.info().versionId());
        }
    }

    /** Unlike a read, a copy does not make do with fewer bytes than it was asked for. */
    private static void requireWhole(ReadRange.FromTo asked, ContentRange found) {
        OptionalLong last = asked.last();
        if (last.isPresent() && last.getAsLong() >= found.objectSize()) {
            throw new ObjectStoreException(
                    Kind.INVALID_RANGE,
                    "Range specified is not valid for source object of size: "
                            + found.objectSize());
        }
    }
}
