package io.lilio.catalog.access;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.Keys;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The access keys other than root. Secrets are stored sealed with the server key. Thread-safe.
 *
 * <p>All throw {@link ObjectStoreException}: {@code UNKNOWN_OUTCOME} when the answer to a change
 * was lost, {@code INTERNAL} when a secret was sealed with another server key.
 */
public final class AccessKeys {

    private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int ID_LENGTH = 20; // 100 bits
    private static final int SECRET_LENGTH = 40; // 240 bits

    private final Commits commits;
    private final Sessions sessions;
    private final SecretSeal seal;
    private final RandomGenerator random;

    /**
     * @param serverKey an AES key of 256 bits
     * @param random cryptographically secure and thread-safe
     */
    public AccessKeys(
            Commits commits, Sessions sessions, SecretKey serverKey, RandomGenerator random) {
        this.commits = commits;
        this.sessions = sessions;
        this.seal = new SecretSeal(serverKey, random);
        this.random = random;
    }

    /**
     * Makes a key with a new id and secret.
     *
     * @param buckets names of the buckets that it is bound to; empty: all
     */
    public AccessKey create(Role role, List<String> buckets, String description) {
        AccessKey key =
                new AccessKey(
                        letters(ID_LETTERS, ID_LENGTH),
                        letters(SECRET_LETTERS, SECRET_LENGTH),
                        role,
                        buckets,
                        true,
                        commits.now(),
                        description,
                        Optional.empty());
        Bytes value = AccessKeyRecords.encode(seal, key);
        run(new CreateAccessKey(commits.store(), Keys.accessKey(key.id()), value));
        return key;
    }

    /** A key, enabled or not, linearizable. */
    public Optional<AccessKey> find(String id) {
        return commits.store()
                .read(List.of(Keys.accessKey(id)))
                .get(0)
                .map(stored -> AccessKeyRecords.decode(seal, stored));
    }

    /**
     * A page of keys in order of their ids.
     *
     * @param after the last id of the page before, or null
     * @param limit 1 to 1,000
     */
    public List<AccessKey> list(@Nullable String after, int limit) {
        KeyRange all = Keys.accessKeys();
        KeyRange rest = after == null ? all : new KeyRange(Keys.accessKey(after).next(), all.to());
        try (ReadView view = commits.store().view()) {
            return view.scan(rest, limit).entries().stream()
                    .map(stored -> AccessKeyRecords.decode(seal, stored))
                    .toList();
        }
    }

    /**
     * Enables or disables a key; it is refused from the next request on.
     *
     * @return false when there is no such key
     */
    public boolean setEnabled(String id, boolean enabled) {
        return run(
                new AccessKeyChange(
                        commits.store(),
                        Keys.accessKey(id),
                        stored -> {
                            AccessKey key = AccessKeyRecords.decode(seal, stored);
                            return Optional.of(AccessKeyRecords.encode(seal, key.with(enabled)));
                        }));
    }

    /**
     * Gives a key a new secret.
     *
     * @param grace how long the present one stays good beside it; zero: not at all
     * @return the key with its new secret; empty when there is no such key
     */
    public Optional<AccessKey> rotate(String id, Duration grace) {
        String secret = letters(SECRET_LETTERS, SECRET_LENGTH);
        Instant now = commits.now();
        AtomicReference<@Nullable AccessKey> rotated = new AtomicReference<>();
        boolean there =
                run(
                        new AccessKeyChange(
                                commits.store(),
                                Keys.accessKey(id),
                                stored -> {
                                    AccessKey key =
                                            AccessKeyRecords.decode(seal, stored)
                                                    .rotated(secret, now.plus(grace), now);
                                    rotated.set(key);
                                    return Optional.of(AccessKeyRecords.encode(seal, key));
                                }));
        return there ? Optional.ofNullable(rotated.get()) : Optional.empty();
    }

    /**
     * Removes a key.
     *
     * @return false when there was none
     */
    public boolean delete(String id) {
        return run(
                new AccessKeyChange(
                        commits.store(), Keys.accessKey(id), stored -> Optional.empty()));
    }

    private boolean run(Change<Boolean> change) {
        try (InFlight request = sessions.begin()) {
            return commits.run(request, change).orThrow();
        }
    }

    private String letters(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
