package io.lilio.chunk.backend.local;

import io.lilio.chunk.BlockChecksums;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.time.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reclaims the dead space of segments: what is live is appended again as if it were new, the index
 * is swung over where it still points to the old place, and when that is durable the old segment is
 * deleted. A crash at any point leaves at least one copy that the index points to. Readers that
 * have the old segment open go on reading it.
 *
 * <p>What is damaged or cannot be read stays where it is, and the rest of its segment moves. A
 * segment that failed as a whole is tried again after a minute, two, four and so on.
 *
 * <p>Works in steps of a given size, so that its owner decides the rate. Used by one thread at a
 * time.
 */
final class Compactor {

    private static final Logger log = LoggerFactory.getLogger(Compactor.class);
    private static final long STEP_BYTES = 1 << 20;
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LAST_RETRY = Duration.ofHours(1);

    private final VolumeParts parts;
    private final int deadPercent;
    private final LongPredicate hasRoom;
    private final Time time;
    private final Opening opening;
    private final Set<Long> damaged = new HashSet<>();
    private final Map<Long, Retry> failed = new HashMap<>();

    private long segment = -1;
    private long offset;

    /**
     * @param deadPercent a segment of which this share is dead is compacted
     * @param hasRoom whether that many bytes may be copied before their old place is free
     */
    Compactor(VolumeParts parts, int deadPercent, LongPredicate hasRoom, Time time) {
        this(parts, deadPercent, hasRoom, time, SegmentFile::openToRead);
    }

    Compactor(
            VolumeParts parts, int deadPercent, LongPredicate hasRoom, Time time, Opening opening) {
        this.parts = parts;
        this.deadPercent = deadPercent;
        this.hasRoom = hasRoom;
        this.time = time;
        this.opening = opening;
    }

    /** Opens a segment to be read. */
    interface Opening {
        FileChannel open(Path directory, long number) throws IOException;
    }

    /** When a segment that failed is tried again, and how long after it failed last. */
    private record Retry(Duration delay, long dueNanos) {}

    /**
     * Goes on with compacting, for about that many bytes.
     *
     * @return whether there may be more to do
     */
    boolean run(long budgetBytes) throws IOException {
        long spent = 0;
        while (spent < budgetBytes) {
            if (segment < 0 && !pick()) {
                return false;
            }
            long copied = stepOrLeave();
            spent += Math.max(copied, 4096);
        }
        return true;
    }

    /** The segment with the largest dead share, if that is large enough. */
    private boolean pick() {
        // In this order: what was begun meanwhile is not among the sizes, and what was active then
        // and is no more has all its chunks in the index.
        Map<Long, Long> sizes = Map.copyOf(parts.sizes().all());
        long active = parts.appender().activeSegment();
        Map<Long, Long> live = parts.index().liveBytesBySegment();
        double worst = deadPercent / 100.0;
        for (Map.Entry<Long, Long> candidate : sizes.entrySet()) {
            long number = candidate.getKey();
            long liveBytes = live.getOrDefault(number, 0L);
            boolean movable = !damaged.contains(number) && hasRoom.test(liveBytes);
            if (number == active || !isDue(number) || liveBytes > 0 && !movable) {
                continue;
            }
            double size = Math.max(1, candidate.getValue() - SegmentFile.HEAD_BYTES);
            double dead = 1 - liveBytes / size;
            if (dead >= worst) {
                worst = dead;
                segment = number;
                offset = 0;
            }
        }
        return segment >= 0;
    }

    private boolean isDue(long number) {
        Retry retry = failed.get(number);
        return retry == null || time.nanos() - retry.dueNanos() >= 0;
    }

    private boolean isAllDead(long number) {
        return parts.index().liveBytesBySegment().getOrDefault(number, 0L) == 0;
    }

    /**
     * A step, or the end of the segment. One that cannot be read or deleted must not keep the space
     * of all others, nor have its medium suspected all the time: it is left for a while.
     */
    private long stepOrLeave() throws IOException {
        long number = segment;
        try {
            long copied = isAllDead(number) ? 0 : step();
            if (copied == 0) {
                finish();
            }
            return copied;
        } catch (IOException e) {
            log.warn("segment {} could not be compacted: {}", number, e.toString());
            retryLater(number, e);
            segment = -1;
            throw e;
        }
    }

    /** What is known of the whole medium, such as that it is full, is no fault of the segment. */
    private void retryLater(long number, IOException e) {
        Retry last = failed.get(number);
        Duration delay = FIRST_RETRY;
        if (last != null && MediumFault.of(e) == MediumFault.IO) {
            Duration doubled = last.delay().multipliedBy(2);
            delay = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
        }
        failed.put(number, new Retry(delay, time.nanos() + delay.toNanos()));
    }

    /** Copies the next live records; returns how many bytes, 0 at the end of the segment. */
    private long step() throws IOException {
        List<IndexEntry> live = new ArrayList<>();
        try (FileChannel channel = opening.open(parts.layout().segments(), segment)) {
            long[] bytes = {0};
            long next =
                    new SegmentScan(channel, false, this::passOver)
                            .run(
                                    offset,
                                    (frame, at) -> {
                                        liveEntry(frame, at).ifPresent(live::add);
                                        bytes[0] +=
                                                ChunkFrame.alignedRecord(
                                                        frame.frameBytes(),
                                                        frame.header().length());
                                        return bytes[0] < STEP_BYTES;
                                    });
            copy(channel, live);
            offset = next;
            return bytes[0];
        }
    }

    private void passOver(IOException e) throws IOException {
        parts.requireOfOneChunk(e);
        if (damaged.add(segment)) {
            log.error(
                    "a part of segment {} cannot be read ({}); it is kept",
                    segment,
                    MediumFault.sentence(e));
        }
    }

    private Optional<IndexEntry> liveEntry(ChunkFrame frame, long at) throws IndexException {
        Location here = Location.inSegment(segment, at, frame.frameBytes());
        return parts.index().get(frame.header().id()).filter(e -> e.location().equals(here));
    }

    private void copy(FileChannel channel, List<IndexEntry> live) throws IOException {
        List<Append> appends = new ArrayList<>();
        try {
            for (IndexEntry entry : live) {
                ByteBuffer payload = readIntact(channel, entry);
                if (payload != null) {
                    Append append = Append.ofMoved(entry.header(), payload, entry.location());
                    parts.appender().submit(append);
                    appends.add(append);
                }
            }
        } finally {
            for (Append append : appends) {
                parts.appender().await(append);
            }
        }
    }

    /** A payload, or null when it is damaged: such a chunk stays until it is put again. */
    private @Nullable ByteBuffer readIntact(FileChannel channel, IndexEntry entry)
            throws IOException {
        ChunkHeader header = entry.header();
        ByteBuffer payload = ByteBuffer.allocate(header.length());
        String damage = "it is cut off";
        try {
            if (DurableFiles.readFully(channel, payload, entry.location().payloadOffset())) {
                BlockChecksums.verify(header, 0, payload.flip());
                return payload;
            }
        } catch (ChunkCorruptException e) {
            damage = String.valueOf(e.getMessage());
        } catch (IOException e) {
            parts.requireOfOneChunk(e);
            damage = MediumFault.sentence(e);
        }
        log.error(
                "chunk {} in segment {} is damaged ({}); the segment is kept until the chunk is"
                        + " mended",
                entry.id(),
                segment,
                damage);
        damaged.add(segment);
        return null;
    }

    private void finish() throws IOException {
        long number = segment;
        segment = -1;
        parts.index().sync();
        if (number == parts.appender().activeSegment()) {
            return;
        }
        if (!isAllDead(number)) {
            damaged.add(number); // something in it could not be moved: not tried again
            return;
        }
        damaged.remove(number);
        Files.deleteIfExists(SegmentFile.path(parts.layout().segments(), number));
        failed.remove(number);
        parts.sizes().remove(number);
        parts.reader().forget(Location.inSegment(number, 0, 0));
        parts.index()
                .change(
                        changes -> {
                            changes.forgetSegment(number);
                            return number;
                        });
    }
}
