package io.lilio.object;

import io.lilio.catalog.object.Conditions;
import java.util.Optional;

/**
 * What to read.
 *
 * @param address which object
 * @param versionId which version; without it, the current one
 * @param conditions when not to
 * @param range which bytes; without it, all
 */
public record ReadRequest(
        ObjectAddress address,
        Optional<String> versionId,
        Conditions conditions,
        Optional<ReadRange> range) {

    /** All of the current version. */
    public static ReadRequest of(ObjectAddress address) {
        return new ReadRequest(address, Optional.empty(), Conditions.none(), Optional.empty());
    }

    /** Some bytes of the current version. */
    public static ReadRequest of(ObjectAddress address, ReadRange range) {
        return new ReadRequest(address, Optional.empty(), Conditions.none(), Optional.of(range));
    }
}
