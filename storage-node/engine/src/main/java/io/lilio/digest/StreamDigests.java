package io.lilio.digest;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All digests of one stream: each slow one (MD5, SHA-1, SHA-256) in a {@link DigestStage} of its
 * own, the CRCs, which cost next to nothing, on the caller's thread. Used by one thread.
 */
public final class StreamDigests implements AutoCloseable {

    /** Pieces that wait in front of each slow digest. */
    private static final int CAPACITY = 16;

    private final DigestSet quick;
    private final List<DigestStage> stages = new ArrayList<>();

    /**
     * @param beside false keeps everything on the caller's thread, for bodies so small that a
     *     thread costs more than it saves
     * @param threads makes one thread for each slow digest
     */
    public StreamDigests(Set<DigestAlgorithm> algorithms, boolean beside, ThreadFactory threads) {
        Set<DigestAlgorithm> here = EnumSet.noneOf(DigestAlgorithm.class);
        for (DigestAlgorithm algorithm : algorithms) {
            if (beside && algorithm.isSlow()) {
                stages.add(new DigestStage(new DigestSet(Set.of(algorithm)), CAPACITY, threads));
            } else {
                here.add(algorithm);
            }
        }
        quick = new DigestSet(here);
    }

    /**
     * Hands over the bytes from position to limit, which nobody changes until {@code release} ran.
     *
     * @param release runs once, on any thread
     */
    public void update(ByteBuffer data, Runnable release) {
        AtomicInteger users = new AtomicInteger(stages.size() + 1);
        Runnable done =
                () -> {
                    if (users.decrementAndGet() == 0) {
                        release.run();
                    }
                };
        int handed = 0;
        try {
            for (DigestStage stage : stages) {
                handed++;
                stage.submit(data.duplicate(), done);
            }
            quick.update(data);
        } finally {
            for (int unused = handed; unused <= stages.size(); unused++) {
                done.run();
            }
        }
    }

    /** Waits until everything is digested; the last call but {@link #close}. */
    public Digests finish() {
        Map<DigestAlgorithm, byte[]> values = new EnumMap<>(DigestAlgorithm.class);
        quick.finish().copyTo(values);
        for (DigestStage stage : stages) {
            stage.finish().copyTo(values);
        }
        return new Digests(values);
    }

    /** Releases what was not digested; nothing is in use afterwards. Idempotent. */
    @Override
    public void close() {
        stages.forEach(DigestStage::close);
    }
}
