package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;
import java.util.Set;

/**
 * The header {@code x-amz-storage-class}. Lilio stores all classes alike and gives the name back
 * with the object, which can be read at once, whatever its class.
 */
public final class StorageClass {

    /** What an object has whose client chose none. */
    public static final String STANDARD = "STANDARD";

    /** Those of the Amazon S3 API Reference (PutObject). */
    private static final Set<String> KNOWN =
            Set.of(
                    STANDARD,
                    "REDUCED_REDUNDANCY",
                    "STANDARD_IA",
                    "ONEZONE_IA",
                    "INTELLIGENT_TIERING",
                    "GLACIER",
                    "DEEP_ARCHIVE",
                    "OUTPOSTS",
                    "GLACIER_IR",
                    "SNOW",
                    "EXPRESS_ONEZONE",
                    "FSX_OPENZFS",
                    "FSX_ONTAP");

    private StorageClass() {}

    /**
     * The class that a request asks for; {@link #STANDARD} when it does not.
     *
     * @throws S3Exception InvalidStorageClass for a name that S3 does not know
     */
    public static String of(S3Request request) {
        String name = request.headers().first("x-amz-storage-class").orElse(STANDARD);
        if (!KNOWN.contains(name)) {
            throw new S3Exception(S3Error.INVALID_STORAGE_CLASS)
                    .withDetail("StorageClassRequested", name);
        }
        return name;
    }
}
