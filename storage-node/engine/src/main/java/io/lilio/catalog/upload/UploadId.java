package io.lilio.catalog.upload;

import io.lilio.catalog.commit.RefusedReason;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;

/** Upload ids: UUIDs of version 7 (RFC 9562 §5.7), so that they sort by their time. */
public final class UploadId {

    private static final Pattern TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final long VERSION_7 = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private UploadId() {}

    static UUID create(Instant now, long random, long moreRandom) {
        long high = now.toEpochMilli() << 16 | VERSION_7 | random & 0x0fffL;
        long low = VARIANT | moreRandom >>> 2;
        return new UUID(high, low);
    }

    /**
     * Reads what a client says.
     *
     * @throws io.lilio.ObjectStoreException {@code NO_SUCH_UPLOAD} when no upload could be called
     *     so
     */
    public static UUID parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw RefusedReason.NO_SUCH_UPLOAD.asException();
        }
        return UUID.fromString(text);
    }
}
