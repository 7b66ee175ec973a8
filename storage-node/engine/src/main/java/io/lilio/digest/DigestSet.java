package io.lilio.digest;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Some algorithms over the same stream of bytes, on the caller's thread. Not thread-safe. */
public final class DigestSet {

    /** Small enough that what the first algorithm read is still in the cache for the next. */
    private static final int STEP_BYTES = 16 * 1024;

    private final Map<DigestAlgorithm, RunningDigest> running =
            new EnumMap<>(DigestAlgorithm.class);
    private boolean finished;

    /**
     * @param algorithms what to compute; may be empty, and then everything here is free
     */
    public DigestSet(Set<DigestAlgorithm> algorithms) {
        for (DigestAlgorithm algorithm : algorithms) {
            running.put(algorithm, RunningDigest.of(algorithm));
        }
    }

    /** Takes the bytes from position to limit; the buffer itself is not changed. */
    public void update(ByteBuffer data) {
        if (finished) {
            throw new IllegalStateException("the digests are finished");
        }
        if (running.isEmpty() || !data.hasRemaining()) {
            return;
        }
        ByteBuffer view = data.duplicate();
        int end = data.limit();
        for (int from = data.position(); from < end; from += STEP_BYTES) {
            int to = running.size() == 1 ? end : Math.min(end, from + STEP_BYTES);
            for (RunningDigest digest : running.values()) {
                view.limit(to).position(from);
                digest.update(view);
            }
            if (to == end) {
                return;
            }
        }
    }

    /** The values over everything so far; the last call. */
    public Digests finish() {
        if (finished) {
            throw new IllegalStateException("the digests are finished");
        }
        finished = true;
        Map<DigestAlgorithm, byte[]> values = new EnumMap<>(DigestAlgorithm.class);
        running.forEach((algorithm, digest) -> values.put(algorithm, digest.finish()));
        return new Digests(values);
    }
}
