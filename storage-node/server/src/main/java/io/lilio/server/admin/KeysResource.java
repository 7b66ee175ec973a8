package io.lilio.server.admin;

import io.lilio.admin.api.KeyPage;
import io.lilio.admin.api.KeyRequest;
import io.lilio.admin.api.KeyRotation;
import io.lilio.admin.api.KeyStatus;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.NewKey;
import io.lilio.catalog.access.AccessKey;
import io.lilio.catalog.access.AccessKeys;
import io.lilio.catalog.access.Role;
import io.lilio.server.admin.gate.AdminError;
import io.lilio.server.admin.gate.AdminException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Access keys besides root's. */
@Singleton
@RunOnVirtualThread
final class KeysResource implements KeysApi {

    private static final long MAX_GRACE_SECONDS = 30L * 24 * 60 * 60;

    private final AdminState state;
    private final CurrentCall call;

    KeysResource(AdminState state, CurrentCall call) {
        this.state = state;
        this.call = call;
    }

    @Override
    public KeyPage list(@Nullable String after, @Nullable String limit) {
        int count = Fields.pageLimit(limit);
        List<AccessKey> found = keys().list(Fields.pageStart(after), count);
        return new KeyPage(
                found.stream().map(KeysResource::status).toList(),
                found.size() < count ? null : found.getLast().id());
    }

    @Override
    public NewKey create(@Nullable KeyRequest request) {
        KeyRequest asked = Fields.body(request);
        Role role = KeyFields.role(asked.role());
        List<String> buckets = KeyFields.buckets(asked.buckets());
        AccessKey key =
                keys().create(role, buckets, Fields.text("description", asked.description(), 256));
        call.note("made key " + key);
        return new NewKey(status(key), key.secret());
    }

    @Override
    public KeyStatus get(String id) {
        return status(find(id));
    }

    @Override
    public KeyStatus disable(String id) {
        return setEnabled(id, false);
    }

    @Override
    public KeyStatus enable(String id) {
        return setEnabled(id, true);
    }

    private KeyStatus setEnabled(String id, boolean enabled) {
        requireNotRoot(id);
        if (!keys().setEnabled(id, enabled)) {
            throw unknown(id);
        }
        return status(find(id));
    }

    @Override
    public NewKey rotate(String id, @Nullable KeyRotation rotation) {
        requireNotRoot(id);
        @Nullable Long asked = rotation == null ? null : rotation.keepPreviousSeconds();
        long grace = asked == null ? 0 : asked;
        if (grace < 0 || grace > MAX_GRACE_SECONDS) {
            throw AdminException.field(
                    "keepPreviousSeconds",
                    "keepPreviousSeconds is 0 to " + MAX_GRACE_SECONDS + ", not " + grace + ".");
        }
        AccessKey key = keys().rotate(id, Duration.ofSeconds(grace)).orElseThrow(() -> unknown(id));
        call.note("the secret before is good for " + grace + " s");
        return new NewKey(status(key), key.secret());
    }

    @Override
    public void delete(String id) {
        requireNotRoot(id);
        if (!keys().delete(id)) {
            throw unknown(id);
        }
    }

    private AccessKeys keys() {
        return state.node().contents().keys();
    }

    private AccessKey find(String id) {
        return keys().find(id).orElseThrow(() -> unknown(id));
    }

    private void requireNotRoot(String id) {
        if (id.equals(state.node().identity().rootKey())) {
            throw new AdminException(
                    AdminError.CONFLICT,
                    "Root's access key is changed in the configuration of the nodes.");
        }
    }

    private static AdminException unknown(String id) {
        return new AdminException(
                AdminError.NOT_FOUND, "There is no access key " + Fields.shown(id) + ".");
    }

    private static KeyStatus status(AccessKey key) {
        return new KeyStatus(
                key.id(),
                KeyFields.name(key.role()),
                key.buckets(),
                key.enabled(),
                key.created(),
                key.description(),
                key.previous().map(AccessKey.Previous::until).orElse(null));
    }
}
