package io.lilio.object;

import io.lilio.catalog.object.Conditions;
import java.util.Optional;

/**
 * What a copy reads.
 *
 * @param address which object
 * @param versionId which version; without it, the current one
 * @param conditions that it has to meet: else PRECONDITION_FAILED
 */
public record CopySource(ObjectAddress address, Optional<String> versionId, Conditions conditions) {

    /** The current version. */
    public static CopySource of(ObjectAddress address) {
        return new CopySource(address, Optional.empty(), Conditions.none());
    }
}
