package io.lilio.object;

import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.digest.DigestAlgorithm;
import java.util.Optional;

/**
 * What to store an object under.
 *
 * @param address where
 * @param attributes given back with the object
 * @param conditions evaluated in the transaction that makes the object visible
 * @param checksum stored with the object and returned; none is stored when the client chose none
 */
public record PutRequest(
        ObjectAddress address,
        Attributes attributes,
        Conditions conditions,
        Optional<DigestAlgorithm> checksum) {

    /** Without conditions or checksum. */
    public static PutRequest of(ObjectAddress address, Attributes attributes) {
        return new PutRequest(address, attributes, Conditions.none(), Optional.empty());
    }
}
