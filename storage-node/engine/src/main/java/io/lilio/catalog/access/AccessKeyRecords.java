package io.lilio.catalog.access;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.record.AccessKeyRecord;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.time.Instant;
import java.util.Optional;

/** The stored form of access keys. */
final class AccessKeyRecords {

    private AccessKeyRecords() {}

    static Bytes encode(SecretSeal seal, AccessKey key) {
        AccessKeyRecord.Builder record =
                AccessKeyRecord.newBuilder()
                        .setSealedSecret(Records.wrap(seal.seal(key.id(), key.secret())))
                        .setRole(encode(key.role()))
                        .addAllBuckets(key.buckets())
                        .setEnabled(key.enabled())
                        .setCreatedMillis(key.created().toEpochMilli())
                        .setDescription(key.description());
        key.previous()
                .ifPresent(
                        previous ->
                                record.setSealedPreviousSecret(
                                                Records.wrap(
                                                        seal.seal(key.id(), previous.secret())))
                                        .setPreviousUntilMillis(previous.until().toEpochMilli()));
        return Records.bytes(record.build());
    }

    static AccessKey decode(SecretSeal seal, KeyValue stored) {
        AccessKeyRecord record = Records.parse(AccessKeyRecord.parser(), stored);
        String id = Keys.accessKeyIdOf(stored.key());
        return new AccessKey(
                id,
                seal.open(id, Records.unwrap(record.getSealedSecret())),
                decode(record.getRole()),
                record.getBucketsList(),
                record.getEnabled(),
                Instant.ofEpochMilli(record.getCreatedMillis()),
                record.getDescription(),
                record.getSealedPreviousSecret().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new AccessKey.Previous(
                                        seal.open(
                                                id,
                                                Records.unwrap(record.getSealedPreviousSecret())),
                                        Instant.ofEpochMilli(record.getPreviousUntilMillis()))));
    }

    private static io.lilio.catalog.record.Role encode(Role role) {
        return switch (role) {
            case READ_ONLY -> io.lilio.catalog.record.Role.ROLE_READ_ONLY;
            case READ_WRITE -> io.lilio.catalog.record.Role.ROLE_READ_WRITE;
            case ADMIN -> io.lilio.catalog.record.Role.ROLE_ADMIN;
        };
    }

    private static Role decode(io.lilio.catalog.record.Role role) {
        return switch (role) {
            case ROLE_READ_ONLY -> Role.READ_ONLY;
            case ROLE_READ_WRITE -> Role.READ_WRITE;
            case ROLE_ADMIN -> Role.ADMIN;
            case UNRECOGNIZED -> throw new IllegalStateException("a role that is not known here");
        };
    }
}
