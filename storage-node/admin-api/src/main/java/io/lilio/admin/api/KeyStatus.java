package io.lilio.admin.api;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An access key, without its secret.
 *
 * @param id what a client signs with
 * @param role {@code read-only}, {@code read-write} or {@code admin}
 * @param buckets names of those that it is bound to; empty: all
 * @param enabled whether requests signed with it are taken
 * @param created when it was made
 * @param description for people
 * @param previousSecretUntil until when the secret before the present one is good too; absent when
 *     there is none
 */
@Schema(requiredProperties = {"id", "role", "buckets", "enabled", "created", "description"})
public record KeyStatus(
        String id,
        @Schema(enumeration = {"read-only", "read-write", "admin"}) String role,
        List<String> buckets,
        boolean enabled,
        Instant created,
        String description,
        @Nullable Instant previousSecretUntil) {

    public KeyStatus {
        buckets = List.copyOf(buckets);
    }
}
