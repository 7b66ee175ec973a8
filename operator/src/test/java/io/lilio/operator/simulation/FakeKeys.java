package io.lilio.operator.simulation;

import io.lilio.admin.api.KeyPage;
import io.lilio.admin.api.KeyRequest;
import io.lilio.admin.api.KeyRotation;
import io.lilio.admin.api.KeyStatus;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.NewKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Access keys in memory. Pages hold two of them, so that whoever lists has to ask again. */
public final class FakeKeys implements KeysApi {

    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PAGE = 2;

    private final SortedMap<String, KeyStatus> keys = new TreeMap<>();
    private final SortedMap<String, String> secrets = new TreeMap<>();
    private final AdminFaults faults;
    private int made;
    private int lists;

    FakeKeys(AdminFaults faults) {
        this.faults = faults;
    }

    /** All of them; not counted as a read. */
    public List<KeyStatus> all() {
        return List.copyOf(keys.values());
    }

    /** How often they were listed. */
    public int lists() {
        return lists;
    }

    /** How many were made through the API since the beginning. */
    public int made() {
        return made;
    }

    /** Whether a client that signs so is let in. */
    public boolean opens(String id, String secret) {
        @Nullable KeyStatus key = keys.get(id);
        return key != null && key.enabled() && secret.equals(secrets.get(id));
    }

    /** Puts a key there as somebody else would have made or changed it. */
    public void put(KeyStatus key) {
        keys.put(key.id(), key);
        secrets.putIfAbsent(key.id(), "secret of " + key.id());
    }

    @Override
    public KeyPage list(@Nullable String after, @Nullable String limit) {
        faults.reading();
        lists++;
        List<KeyStatus> left =
                keys.values().stream()
                        .filter(key -> after == null || key.id().compareTo(after) > 0)
                        .toList();
        List<KeyStatus> page = left.subList(0, Math.min(PAGE, left.size()));
        return new KeyPage(page, page.size() < PAGE ? null : page.getLast().id());
    }

    @Override
    public NewKey create(@Nullable KeyRequest request) {
        faults.writing();
        KeyRequest asked = Objects.requireNonNull(request);
        made++;
        KeyStatus key =
                new KeyStatus(
                        "LILIOKEY%04d".formatted(made),
                        Objects.requireNonNull(asked.role()),
                        Objects.requireNonNullElse(asked.buckets(), List.of()),
                        true,
                        CREATED,
                        Objects.requireNonNullElse(asked.description(), ""),
                        null);
        put(key);
        String secret = Objects.requireNonNull(secrets.get(key.id()));
        faults.written();
        return new NewKey(key, secret);
    }

    @Override
    public KeyStatus get(String id) {
        faults.reading();
        return found(id);
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
        faults.writing();
        KeyStatus key = found(id);
        KeyStatus changed =
                new KeyStatus(
                        id,
                        key.role(),
                        key.buckets(),
                        enabled,
                        key.created(),
                        key.description(),
                        key.previousSecretUntil());
        put(changed);
        faults.written();
        return changed;
    }

    @Override
    public NewKey rotate(String id, @Nullable KeyRotation rotation) {
        faults.writing();
        KeyStatus key = found(id);
        String secret = "rotated " + secrets.get(id);
        secrets.put(id, secret);
        faults.written();
        return new NewKey(key, secret);
    }

    @Override
    public void delete(String id) {
        faults.writing();
        found(id);
        keys.remove(id);
        secrets.remove(id);
        faults.written();
    }

    private KeyStatus found(String id) {
        @Nullable KeyStatus key = keys.get(id);
        if (key == null) {
            throw AdminFaults.refusal(404, "NotFound");
        }
        return key;
    }
}
