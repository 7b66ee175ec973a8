package io.lilio.catalog.access;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The access keys other than root. Secrets are stored sealed with the server key. Thread-safe.
 *
 * <p>All throw {@link io.lilio.ObjectStoreException} {@code UNKNOWN_OUTCOME} when the answer to a
 * change was lost.
 */
public interface AccessKeys {

    /** Makes a key with a new id and secret. */
    AccessKey create(Role role, List<String> buckets, String description);

    /** A key, enabled or not, linearizable. */
    Optional<AccessKey> find(String id);

    /**
     * A page of keys in order of their ids.
     *
     * @param after the last id of the page before, or null
     * @param limit 1 to 1,000
     */
    List<AccessKey> list(@Nullable String after, int limit);

    /**
     * Enables or disables a key; it is refused from the next request on.
     *
     * @return false when there is no such key
     */
    boolean setEnabled(String id, boolean enabled);

    /**
     * Removes a key.
     *
     * @return false when there was none
     */
    boolean delete(String id);
}
