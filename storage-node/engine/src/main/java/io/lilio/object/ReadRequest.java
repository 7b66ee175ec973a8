package io.lilio.object;

import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.VersionSummary;
import java.util.Optional;

/**
 * What to read.
 *
 * @param address which object
 * @param versionId which version; without it, the current one
 * @param conditions when not to
 * @param range which bytes; without it, all
 * @param ifRange when the range alone will do; where it does not hold, all is read
 */
public record ReadRequest(
        ObjectAddress address,
        Optional<String> versionId,
        Conditions conditions,
        Optional<ReadRange> range,
        Optional<RangeCondition> ifRange) {

    /** The range, if there is one, of whatever version it is. */
    public ReadRequest(
            ObjectAddress address,
            Optional<String> versionId,
            Conditions conditions,
            Optional<ReadRange> range) {
        this(address, versionId, conditions, range, Optional.empty());
    }

    /** All of the current version. */
    public static ReadRequest of(ObjectAddress address) {
        return new ReadRequest(address, Optional.empty(), Conditions.none(), Optional.empty());
    }

    /** Some bytes of the current version. */
    public static ReadRequest of(ObjectAddress address, ReadRange range) {
        return new ReadRequest(address, Optional.empty(), Conditions.none(), Optional.of(range));
    }

    /** The bytes that are asked for of this version. */
    Optional<ReadRange> rangeOf(VersionSummary version) {
        return range.filter(asked -> ifRange.isEmpty() || ifRange.get().holds(version));
    }
}
