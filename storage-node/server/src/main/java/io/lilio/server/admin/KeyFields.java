package io.lilio.server.admin;

import io.lilio.catalog.access.Role;
import io.lilio.catalog.bucket.BucketName;
import io.lilio.server.admin.gate.AdminException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of access keys. */
final class KeyFields {

    private static final int MAX_BUCKETS = 100;

    private KeyFields() {}

    static Role role(@Nullable String text) {
        for (Role role : Role.values()) {
            if (name(role).equals(text)) {
                return role;
            }
        }
        throw AdminException.field(
                "role", "role is read-only, read-write or admin, not " + Fields.shown(text) + ".");
    }

    /** As the API calls it. */
    static String name(Role role) {
        return switch (role) {
            case READ_ONLY -> "read-only";
            case READ_WRITE -> "read-write";
            case ADMIN -> "admin";
        };
    }

    static List<String> buckets(@Nullable List<String> names) {
        if (names == null) {
            return List.of();
        }
        if (names.size() > MAX_BUCKETS) {
            throw AdminException.field(
                    "buckets", "A key is bound to at most " + MAX_BUCKETS + " buckets.");
        }
        Set<String> distinct = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            @Nullable String name = names.get(i); // JSON may hold null
            if (name == null || !BucketName.isValid(name)) {
                throw AdminException.field(
                        "buckets[" + i + "]", Fields.shown(name) + " is no name of a bucket.");
            }
            distinct.add(name);
        }
        return List.copyOf(distinct);
    }
}
