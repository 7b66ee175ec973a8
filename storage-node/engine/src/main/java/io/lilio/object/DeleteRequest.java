package io.lilio.object;

import io.lilio.catalog.object.Conditions;
import java.util.Optional;

/**
 * What to delete.
 *
 * @param address which object
 * @param versionId removes this version for good; without it, the current version is removed or, in
 *     a bucket with versioning, hidden by a delete marker
 * @param conditions on the version that would be deleted
 */
public record DeleteRequest(
        ObjectAddress address, Optional<String> versionId, Conditions conditions) {

    /** Whatever is there. */
    public static DeleteRequest of(ObjectAddress address) {
        return new DeleteRequest(address, Optional.empty(), Conditions.none());
    }
}
