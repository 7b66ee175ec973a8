package io.lilio.catalog;

import io.lilio.chunk.BlobId;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The whole key space of the metadata store. The first byte of a key says which table it belongs
 * to; stored data depends on it, so a byte is never given another meaning.
 *
 * <table>
 * <caption>First bytes</caption>
 * <tr><th>byte</th><th>table</th><th>rest of the key</th></tr>
 * <tr><td>{@code b}</td><td>bucket</td><td>name</td></tr>
 * <tr><td>{@code h}</td><td>head</td><td>bucket id, escaped object key</td></tr>
 * <tr><td>{@code v}</td><td>version</td><td>bucket id, escaped object key, ~sequence</td></tr>
 * <tr><td>{@code u}</td><td>upload</td><td>bucket id, escaped object key, upload id</td></tr>
 * <tr><td>{@code p}</td><td>part</td><td>upload id, part number</td></tr>
 * <tr><td>{@code c}</td><td>completed upload</td><td>upload id</td></tr>
 * <tr><td>{@code t}</td><td>trash</td><td>{@code b}, blob id; {@code u} (upload) or {@code l}
 * (leftover parts), upload id</td></tr>
 * <tr><td>{@code a}</td><td>access key</td><td>its id</td></tr>
 * <tr><td>{@code s}</td><td>sessions</td><td>known to {@code io.lilio.metadata.session}</td></tr>
 * <tr><td>{@code C}</td><td>cluster id</td><td>nothing: one key</td></tr>
 * <tr><td>{@code D}</td><td>deletion brake</td><td>nothing: one key</td></tr>
 * <tr><td>{@code R}</td><td>ring document</td><td>nothing: one key</td></tr>
 * <tr><td>{@code E}</td><td>open epoch</td><td>epoch, 8 bytes</td></tr>
 * <tr><td>{@code S}</td><td>settled</td><td>partition, 4 bytes</td></tr>
 * <tr><td>{@code O}</td><td>maintenance operation</td><td>id</td></tr>
 * <tr><td>{@code K}</td><td>sealed server key</td><td>nothing: one key</td></tr>
 * <tr><td>{@code L}</td><td>maintenance lease</td><td>operation kind</td></tr>
 * <tr><td>{@code U}</td><td>usage</td><td>bucket id, node</td></tr>
 * </table>
 *
 * <p>Numbers are big endian, so byte order is their order. Object keys are written so that byte
 * order is the order of their UTF-8 bytes ({@link KeyText}).
 */
public final class Keys {

    private static final byte BUCKET = 'b';
    private static final byte HEAD = 'h';
    private static final byte VERSION = 'v';
    private static final byte UPLOAD = 'u';
    private static final byte PART = 'p';
    private static final byte COMPLETED = 'c';
    private static final byte TRASH = 't';
    private static final byte ACCESS_KEY = 'a';
    private static final byte CLUSTER = 'C';
    private static final byte BRAKE = 'D';
    private static final byte RING = 'R';
    private static final byte SERVER_KEY = 'K';
    private static final byte OPEN_EPOCH = 'E';
    private static final byte SETTLED = 'S';
    private static final byte OPERATION = 'O';
    private static final byte MAINTENANCE_LEASE = 'L';
    private static final byte USAGE = 'U';

    private static final byte TRASHED_BLOB = 'b';
    private static final byte TRASHED_UPLOAD = 'u';
    private static final byte TRASHED_LEFTOVERS = 'l';

    private static final int UUID_BYTES = 16;
    private static final int AFTER_BUCKET = 1 + UUID_BYTES;

    private Keys() {}

    /** The cluster's identity, 16 bytes, written once. */
    public static Bytes cluster() {
        return table(CLUSTER);
    }

    /** The deletion brake, as all nodes have it. */
    public static Bytes brake() {
        return table(BRAKE);
    }

    /** The ring document. */
    public static Bytes ring() {
        return table(RING);
    }

    /** The key that seals the secrets of access keys, itself sealed. */
    public static Bytes serverKey() {
        return table(SERVER_KEY);
    }

    /** Exists as long as blobs opened under this ring epoch may be committed. */
    public static Bytes openEpoch(long epoch) {
        return Bytes.wrap(ByteBuffer.allocate(9).put(OPEN_EPOCH).putLong(epoch).array());
    }

    /** All open-epoch keys. */
    public static KeyRange openEpochs() {
        return KeyRange.ofPrefix(table(OPEN_EPOCH));
    }

    /** The epoch of an open-epoch key. */
    public static long epochOf(Bytes openEpochKey) {
        return ByteBuffer.wrap(openEpochKey.array()).getLong(1);
    }

    /** The epoch up to which a partition's chunks have moved; absent means the first epoch. */
    public static Bytes settled(int partition) {
        return Bytes.wrap(ByteBuffer.allocate(5).put(SETTLED).putInt(partition).array());
    }

    /** All settled keys, in order of partitions. */
    public static KeyRange allSettled() {
        return KeyRange.ofPrefix(table(SETTLED));
    }

    /** The partition of a settled key. */
    public static int partitionOf(Bytes settledKey) {
        return ByteBuffer.wrap(settledKey.array()).getInt(1);
    }

    /** A bucket, by name. */
    public static Bytes bucket(String name) {
        return table(BUCKET).plus(Bytes.ofUtf8(name));
    }

    /** All buckets, by name. */
    public static KeyRange buckets() {
        return KeyRange.ofPrefix(table(BUCKET));
    }

    /** The name in a bucket's key. */
    public static String bucketName(Bytes bucketKey) {
        byte[] key = bucketKey.array();
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }

    /** An object key's head. */
    public static Bytes head(UUID bucket, String key) {
        return withId(HEAD, bucket).plus(KeyText.encode(key));
    }

    /** The heads of a bucket's keys, in order. */
    public static KeyRange heads(UUID bucket) {
        return KeyRange.ofPrefix(withId(HEAD, bucket));
    }

    /** The heads of the keys that start with a prefix, which is written but not ended. */
    public static KeyRange heads(UUID bucket, String prefix) {
        return KeyRange.ofPrefix(withId(HEAD, bucket).plus(KeyText.encodePrefix(prefix)));
    }

    /** All heads of all buckets. */
    public static KeyRange allHeads() {
        return KeyRange.ofPrefix(table(HEAD));
    }

    /** One version. */
    public static Bytes version(UUID bucket, String key, long seq) {
        Bytes prefix = versionsPrefix(bucket, key);
        return Bytes.wrap(
                ByteBuffer.allocate(prefix.length() + Long.BYTES)
                        .put(prefix.array())
                        .putLong(~seq)
                        .array());
    }

    /** The versions of a key, the newest first. */
    public static KeyRange versions(UUID bucket, String key) {
        return KeyRange.ofPrefix(versionsPrefix(bucket, key));
    }

    /** The versions of a key that are older than one. */
    public static KeyRange versionsOlderThan(UUID bucket, String key, long seq) {
        KeyRange all = versions(bucket, key);
        return new KeyRange(version(bucket, key, seq).next(), all.to());
    }

    /** The versions of a bucket's keys, by key, the newest first. */
    public static KeyRange versions(UUID bucket) {
        return KeyRange.ofPrefix(withId(VERSION, bucket));
    }

    /** The versions of the keys that start with a prefix. */
    public static KeyRange versionsOfPrefix(UUID bucket, String prefix) {
        return KeyRange.ofPrefix(withId(VERSION, bucket).plus(KeyText.encodePrefix(prefix)));
    }

    /** All versions of all buckets. */
    public static KeyRange allVersions() {
        return KeyRange.ofPrefix(table(VERSION));
    }

    /** The sequence number in a version's key. */
    public static long seqOf(Bytes versionKey) {
        return ~ByteBuffer.wrap(versionKey.array()).getLong(versionKey.length() - Long.BYTES);
    }

    /** An upload. */
    public static Bytes upload(UUID bucket, String key, UUID upload) {
        Bytes prefix = withId(UPLOAD, bucket).plus(KeyText.encode(key));
        return Bytes.wrap(
                putUuid(
                                ByteBuffer.allocate(prefix.length() + UUID_BYTES)
                                        .put(prefix.array()),
                                upload)
                        .array());
    }

    /** All open uploads of all buckets. */
    public static KeyRange allUploads() {
        return KeyRange.ofPrefix(table(UPLOAD));
    }

    /** The open uploads of a bucket, by key and then by upload id. */
    public static KeyRange uploads(UUID bucket) {
        return KeyRange.ofPrefix(withId(UPLOAD, bucket));
    }

    /** The open uploads of one key. */
    public static KeyRange uploads(UUID bucket, String key) {
        return KeyRange.ofPrefix(withId(UPLOAD, bucket).plus(KeyText.encode(key)));
    }

    /** The open uploads of the keys that start with a prefix. */
    public static KeyRange uploadsOfPrefix(UUID bucket, String prefix) {
        return KeyRange.ofPrefix(withId(UPLOAD, bucket).plus(KeyText.encodePrefix(prefix)));
    }

    /** The upload id in an upload's key. */
    public static UUID uploadOf(Bytes uploadKey) {
        return uuidAt(uploadKey, uploadKey.length() - UUID_BYTES);
    }

    /** The bucket in the key of a head, a version, an upload or a usage record. */
    public static UUID bucketOf(Bytes key) {
        return uuidAt(key, 1);
    }

    /** The object key in the key of a head, a version or an upload. */
    public static String keyOf(Bytes key) {
        return KeyText.decode(key, AFTER_BUCKET);
    }

    /** The order of two heads, versions or uploads of one bucket by their object keys alone. */
    public static int compareByKey(Bytes one, Bytes other) {
        int oneEnd = KeyText.endOf(one, AFTER_BUCKET);
        int otherEnd = KeyText.endOf(other, AFTER_BUCKET);
        return Arrays.compareUnsigned(
                one.array(), AFTER_BUCKET, oneEnd, other.array(), AFTER_BUCKET, otherEnd);
    }

    /** A part of an upload. */
    public static Bytes part(UUID upload, int number) {
        return Bytes.wrap(
                putUuid(ByteBuffer.allocate(AFTER_BUCKET + Short.BYTES).put(PART), upload)
                        .putShort((short) number)
                        .array());
    }

    /** The parts of an upload with a number greater than {@code after}, in order. */
    public static KeyRange parts(UUID upload, int after) {
        return new KeyRange(
                part(upload, after).next(), KeyRange.ofPrefix(withId(PART, upload)).to());
    }

    /** All parts of all uploads. */
    public static KeyRange allParts() {
        return KeyRange.ofPrefix(table(PART));
    }

    /** The part number in a part's key. */
    public static int partNumberOf(Bytes partKey) {
        return Short.toUnsignedInt(ByteBuffer.wrap(partKey.array()).getShort(AFTER_BUCKET));
    }

    /** How an upload ended, for as long as its object's parts are there. */
    public static Bytes completed(UUID upload) {
        return withId(COMPLETED, upload);
    }

    /** A blob in the trash. */
    public static Bytes trashedBlob(BlobId blob) {
        return Bytes.wrap(
                ByteBuffer.allocate(2 + UUID_BYTES)
                        .put(TRASH)
                        .put(TRASHED_BLOB)
                        .putLong(blob.high())
                        .putLong(blob.low())
                        .array());
    }

    /** All parts of an upload, in the trash. */
    public static Bytes trashedUpload(UUID upload) {
        return trashed(TRASHED_UPLOAD, upload);
    }

    /** The parts of a completed upload that its object does not consist of, in the trash. */
    public static Bytes trashedLeftovers(UUID upload) {
        return trashed(TRASHED_LEFTOVERS, upload);
    }

    /** All trash. */
    public static KeyRange allTrash() {
        return KeyRange.ofPrefix(table(TRASH));
    }

    /** An access key. */
    public static Bytes accessKey(String id) {
        return table(ACCESS_KEY).plus(Bytes.ofUtf8(id));
    }

    /** The id in an access key's key. */
    public static String accessKeyIdOf(Bytes accessKey) {
        byte[] key = accessKey.array();
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }

    /** All access keys, by id. */
    public static KeyRange accessKeys() {
        return KeyRange.ofPrefix(table(ACCESS_KEY));
    }

    /** A maintenance run. */
    public static Bytes operation(String id) {
        return table(OPERATION).plus(Bytes.ofUtf8(id));
    }

    /** All maintenance runs, by id. */
    public static KeyRange operations() {
        return KeyRange.ofPrefix(table(OPERATION));
    }

    /** Held, under a lease, by the one runner of a kind of maintenance. */
    public static Bytes maintenanceLease(String kind) {
        return table(MAINTENANCE_LEASE).plus(Bytes.ofUtf8(kind));
    }

    /** A bucket's usage as one node has counted it. */
    public static Bytes usage(UUID bucket, String node) {
        return withId(USAGE, bucket).plus(Bytes.ofUtf8(node));
    }

    /** A bucket's usage records. */
    public static KeyRange usage(UUID bucket) {
        return KeyRange.ofPrefix(withId(USAGE, bucket));
    }

    /** All usage records. */
    public static KeyRange allUsage() {
        return KeyRange.ofPrefix(table(USAGE));
    }

    private static Bytes versionsPrefix(UUID bucket, String key) {
        return withId(VERSION, bucket).plus(KeyText.encode(key));
    }

    private static Bytes trashed(byte kind, UUID upload) {
        return Bytes.wrap(
                putUuid(ByteBuffer.allocate(2 + UUID_BYTES).put(TRASH).put(kind), upload).array());
    }

    private static Bytes withId(byte table, UUID id) {
        return Bytes.wrap(putUuid(ByteBuffer.allocate(AFTER_BUCKET).put(table), id).array());
    }

    private static ByteBuffer putUuid(ByteBuffer buffer, UUID id) {
        return buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuidAt(Bytes key, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(key.array());
        return new UUID(buffer.getLong(offset), buffer.getLong(offset + Long.BYTES));
    }

    private static Bytes table(byte first) {
        return Bytes.wrap(new byte[] {first});
    }
}
