package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;
import java.util.Set;

/**
 * The header {@code x-amz-storage-class}. Lilio stores all classes alike, so it accepts those whose
 * objects can be read at once, gives the name back with the object, and refuses those that would
 * promise an archive.
 */
public final class StorageClass {

    /** What an object has whose client chose none. */
    public static final String STANDARD = "STANDARD";

    private static final Set<String> ACCEPTED =
            Set.of(
                    STANDARD,
                    "REDUCED_REDUNDANCY",
                    "STANDARD_IA",
                    "ONEZONE_IA",
                    "INTELLIGENT_TIERING",
                    "GLACIER_IR");

    private StorageClass() {}

    /**
     * The class that a request asks for; {@link #STANDARD} when it does not.
     *
     * @throws S3Exception InvalidStorageClass
     */
    public static String of(S3Request request) {
        String name = request.headers().first("x-amz-storage-class").orElse(STANDARD);
        if (!ACCEPTED.contains(name)) {
            throw new S3Exception(S3Error.INVALID_STORAGE_CLASS)
                    .withDetail("StorageClassRequested", name);
        }
        return name;
    }
}
