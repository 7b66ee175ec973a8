package io.lilio.catalog;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import java.nio.ByteBuffer;

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
 * <tr><td>{@code t}</td><td>trash</td><td>blob id or upload id</td></tr>
 * <tr><td>{@code a}</td><td>access key</td><td>its id</td></tr>
 * <tr><td>{@code s}</td><td>sessions</td><td>known to {@code io.lilio.metadata.session}</td></tr>
 * <tr><td>{@code C}</td><td>cluster id</td><td>nothing: one key</td></tr>
 * <tr><td>{@code R}</td><td>ring document</td><td>nothing: one key</td></tr>
 * <tr><td>{@code E}</td><td>open epoch</td><td>epoch, 8 bytes</td></tr>
 * <tr><td>{@code S}</td><td>settled</td><td>partition, 4 bytes</td></tr>
 * <tr><td>{@code O}</td><td>maintenance operation</td><td>kind; {@code L} is the lease</td></tr>
 * <tr><td>{@code U}</td><td>usage</td><td>bucket id, node</td></tr>
 * </table>
 *
 * <p>Numbers are big endian, so byte order is their order.
 */
public final class Keys {

    /** First bytes of the tables. */
    static final byte CLUSTER = 'C';

    static final byte RING = 'R';
    static final byte OPEN_EPOCH = 'E';
    static final byte SETTLED = 'S';

    private Keys() {}

    /** The cluster's identity, 16 bytes, written once. */
    public static Bytes cluster() {
        return table(CLUSTER);
    }

    /** The ring document. */
    public static Bytes ring() {
        return table(RING);
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

    private static Bytes table(byte first) {
        return Bytes.wrap(new byte[] {first});
    }
}
