package io.lilio.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;

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
     * @throws ObjectStoreException as {@link CopyObject#copy} for the source, INVALID_ARGUMENT for
     *     bytes that it does not have, and as {@link UploadPart#upload}
     */
    public CopyResult copy(PartCopyRequest request) {
        try (OpenObject source = get.openSource(request.source(), request.range());
                StoredSource bytes = new StoredSource(source)) {
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
}
