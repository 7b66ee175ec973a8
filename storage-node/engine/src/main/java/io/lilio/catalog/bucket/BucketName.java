package io.lilio.catalog.bucket;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import java.util.List;
import java.util.regex.Pattern;

/** S3's rules for names ("General purpose bucket naming rules", Amazon S3 user guide). */
public final class BucketName {

    private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
    private static final List<String> RESERVED_PREFIXES =
            List.of("xn--", "sthree-", "amzn-s3-demo-");
    private static final List<String> RESERVED_SUFFIXES =
            List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");

    private BucketName() {}

    /** Whether a bucket may be called so. */
    public static boolean isValid(String name) {
        return SHAPE.matcher(name).matches()
                && !name.contains("..")
                && !ADDRESS.matcher(name).matches()
                && RESERVED_PREFIXES.stream().noneMatch(name::startsWith)
                && RESERVED_SUFFIXES.stream().noneMatch(name::endsWith);
    }

    /**
     * @throws ObjectStoreException {@code INVALID_BUCKET_NAME} unless a bucket may be called so
     */
    public static void check(String name) {
        if (!isValid(name)) {
            throw new ObjectStoreException(
                    Kind.INVALID_BUCKET_NAME,
                    "The name has to be 3 to 63 of a-z, 0-9, hyphen and dot, and none of the"
                            + " reserved forms: "
                            + name);
        }
    }
}
