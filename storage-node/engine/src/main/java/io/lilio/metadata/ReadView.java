package io.lilio.metadata;

import java.util.List;

/**
 * The store as it was at one revision. Short-lived: close it soon, a store may refuse views older
 * than a minute, or closed, with {@link ViewExpiredException}. Thread-safe.
 */
public interface ReadView extends AutoCloseable {

    long revision();

    /** At this view's revision. */
    ReadResult read(List<Bytes> keys);

    /**
     * The first keys of a range, in order. Fewer than {@code limit} does not mean that the range
     * has ended unless {@link ScanPage#complete()} says so: pages are bounded in bytes as well. A
     * page holds at least one key when the range does.
     *
     * @param limit 1 to {@link Limits#MAX_SCAN_KEYS}
     */
    ScanPage scan(KeyRange range, int limit);

    @Override
    void close();
}
