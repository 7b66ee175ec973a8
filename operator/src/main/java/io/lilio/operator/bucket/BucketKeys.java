package io.lilio.operator.bucket;

import io.lilio.admin.api.KeyPage;
import io.lilio.admin.api.KeyRequest;
import io.lilio.admin.api.KeyStatus;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.NewKey;
import io.lilio.crd.bucket.CredentialsSpec.Role;
import io.lilio.operator.admin.AdminApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The access keys that a LilioBucket has in its cluster. Their description begins with the
 * resource's uid, so that those are found whose secret was never written down.
 */
final class BucketKeys {

    private static final int NOT_FOUND = 404;
    private static final int MAX_DESCRIPTION = 256;
    private static final String PAGE = "1000";

    private final KeysApi api;
    private final DesiredBucket desired;
    private final String mark;

    BucketKeys(KeysApi api, DesiredBucket desired) {
        this.api = api;
        this.desired = desired;
        this.mark = "LilioBucket " + desired.uid() + " ";
    }

    /**
     * Whether a key opens the bucket, as the spec has it, and nothing else. One that was disabled
     * or given another secret beside the present one does not count.
     */
    boolean isGood(String id) {
        return find(id).filter(this::isGood).isPresent();
    }

    private boolean isGood(KeyStatus key) {
        return isOwn(key)
                && key.enabled()
                && key.role().equals(role())
                && key.buckets().equals(List.of(desired.bucket()))
                && key.previousSecretUntil() == null;
    }

    private Optional<KeyStatus> find(String id) {
        try {
            return Optional.of(api.get(id));
        } catch (AdminApiException refused) {
            if (refused.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    Credentials create() {
        String description = mark + desired.namespace() + "/" + desired.resource();
        NewKey made =
                api.create(
                        new KeyRequest(
                                role(),
                                List.of(desired.bucket()),
                                description.substring(
                                        0, Math.min(description.length(), MAX_DESCRIPTION))));
        return new Credentials(made.key().id(), made.secret());
    }

    /** The ids of all keys of the resource. */
    List<String> all() {
        List<String> ids = new ArrayList<>();
        @Nullable String after = null;
        do {
            KeyPage page = api.list(after, PAGE);
            page.keys().stream().filter(this::isOwn).map(KeyStatus::id).forEach(ids::add);
            after = page.next();
        } while (after != null);
        return ids;
    }

    /** Removes all keys of the resource; those of others stay. */
    void revokeAll() {
        all().forEach(this::revoke);
    }

    /** Removes a key; one that is not there is no error. */
    void revoke(String id) {
        try {
            api.delete(id);
        } catch (AdminApiException refused) {
            if (refused.status() != NOT_FOUND) {
                throw refused;
            }
        }
    }

    private boolean isOwn(KeyStatus key) {
        return key.description().startsWith(mark);
    }

    private String role() {
        return role(desired.role());
    }

    private static String role(Role role) {
        return switch (role) {
            case READ_ONLY -> "read-only";
            case READ_WRITE -> "read-write";
        };
    }
}
