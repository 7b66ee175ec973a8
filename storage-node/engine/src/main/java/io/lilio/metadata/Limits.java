package io.lilio.metadata;

import java.util.List;

/** What one call may carry. Every store refuses the rest in the same words. */
public final class Limits {

    /** Bytes of a key; at least 1. */
    public static final int MAX_KEY_BYTES = 4 * 1024;

    /** Bytes of all keys and values that one transaction writes (etcd takes 1.5 MiB a request). */
    public static final int MAX_TXN_BYTES = 1024 * 1024;

    /** Keys that one page of a scan may be asked for. */
    public static final int MAX_SCAN_KEYS = 10_000;

    /** Bytes of keys and values that a page of a scan holds at most, one oversized entry aside. */
    public static final int MAX_PAGE_BYTES = 4 * 1024 * 1024;

    private Limits() {}

    /**
     * @throws IllegalArgumentException unless a read asks for 1 to {@link Txn#MAX_OPERATIONS} keys
     */
    public static void checkRead(List<Bytes> keys) {
        if (keys.isEmpty() || keys.size() > Txn.MAX_OPERATIONS) {
            throw new IllegalArgumentException(
                    "a read asks for "
                            + keys.size()
                            + " keys; allowed are 1 to "
                            + Txn.MAX_OPERATIONS);
        }
    }

    /**
     * @throws IllegalArgumentException unless a scan asks for 1 to {@link #MAX_SCAN_KEYS} keys
     */
    public static void checkScan(int limit) {
        if (limit < 1 || limit > MAX_SCAN_KEYS) {
            throw new IllegalArgumentException(
                    "a scan asks for " + limit + " keys; allowed are 1 to " + MAX_SCAN_KEYS);
        }
    }

    /**
     * @throws IllegalArgumentException unless a key that is to be written has 1 to {@link
     *     #MAX_KEY_BYTES} bytes
     */
    public static void checkKey(Bytes key) {
        if (key.length() < 1 || key.length() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a key has " + key.length() + " bytes; allowed are 1 to " + MAX_KEY_BYTES);
        }
    }
}
