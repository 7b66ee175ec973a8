package io.lilio.server.admin;

import io.lilio.catalog.bucket.BucketName;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.server.admin.gate.AdminException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of buckets. */
final class BucketFields {

    private static final int MAX_OWNER = 253;

    private BucketFields() {}

    static String name(@Nullable String text) {
        if (text == null || !BucketName.isValid(text)) {
            throw AdminException.field("name", Fields.shown(text) + " is no name of a bucket.");
        }
        return text;
    }

    static String owner(@Nullable String text) {
        return Fields.required("owner", text, MAX_OWNER);
    }

    /** Of a new bucket. */
    static Versioning initialVersioning(@Nullable String text) {
        return text == null ? Versioning.OFF : versioning(text, List.of(Versioning.values()));
    }

    /** Of a bucket that there is. */
    static Versioning versioning(@Nullable String text) {
        return versioning(text, List.of(Versioning.ENABLED, Versioning.SUSPENDED));
    }

    private static Versioning versioning(@Nullable String text, List<Versioning> allowed) {
        for (Versioning each : allowed) {
            if (each.name().equals(text)) {
                return each;
            }
        }
        String names = allowed.stream().map(Versioning::name).collect(Collectors.joining(" or "));
        throw AdminException.field(
                "versioning", "versioning is " + names + ", not " + Fields.shown(text) + ".");
    }

    /** Whether a bucket is removed with what it holds. */
    static boolean withContents(@Nullable String text) {
        if (text == null || text.equals("refuse")) {
            return false;
        }
        if (text.equals("delete")) {
            return true;
        }
        throw AdminException.field(
                "contents", "contents is refuse or delete, not " + Fields.shown(text) + ".");
    }
}
