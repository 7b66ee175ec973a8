package io.lilio.chunk.backend.local;

import io.lilio.chunk.ChunkHeaderCodec;
import io.lilio.chunk.ChunkId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the index level with segments and files when a volume is opened. Drops chunks whose whole
 * segment or bin is gone. Takes in whole chunks that lie behind the indexed position, as
 * unconfirmed ones; removes torn files; notes where an index is made anew, which may have named
 * more than there is; says where the segment's torn tail is to be cut off. Costs what lies behind
 * that position, not what is stored; a rebuild reads the headers of everything, and the payloads
 * where torn ones may be: in the last segment and bin. Used by one thread.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);
    private static final int BATCH = 500;

    private final VolumeLayout layout;
    private final ChunkIndex index;
    private final SegmentSizes sizes;
    private final Losses losses;
    private final long nowMillis;
    private final boolean rebuild;
    private final Map<ChunkId, IndexEntry> found = new LinkedHashMap<>();
    private final IndexState before;
    private long takenIn;

    /** Everything but the index is what the medium says. */
    Recovery(
            VolumeLayout layout,
            ChunkIndex index,
            SegmentSizes sizes,
            Losses losses,
            long nowMillis)
            throws IOException {
        this.layout = layout;
        this.index = index;
        this.sizes = sizes;
        this.losses = losses;
        this.nowMillis = nowMillis;
        this.before = index.state();
        this.rebuild = before.equals(IndexState.EMPTY) && layout.holdsChunks();
    }

    /**
     * Where writing goes on.
     *
     * @param resumed the segment to append to, or null for a new one
     * @param nextSegment number of the next new segment
     * @param nextBin number of the next new bin
     */
    record Result(@Nullable SegmentWriter resumed, long nextSegment, long nextBin) {}

    Result run() throws IOException {
        if (before.equals(IndexState.EMPTY)) {
            losses.noteIfIndexWasLost(rebuild);
        }
        if (rebuild) {
            log.warn("the index under {} is lost: rebuilding it", layout.root());
        }
        dropLost();
        long nextBin = readBins();
        Tail tail = readSegments();
        takeInFound();
        index.change(
                changes -> {
                    changes.indexedUpTo(tail.segment(), tail.end());
                    changes.indexedBefore(nextBin);
                    return true;
                });
        index.sync();
        losses.indexed();
        removeGoneFiles();
        removeEmptySegments(tail.segment());
        if (takenIn > 0) {
            log.info("took in {} chunks that were not indexed yet", takenIn);
        }
        return new Result(resume(tail), tail.segment() + 1, nextBin);
    }

    /** Reads all of the index, but only when a segment or bin that it names is gone altogether. */
    private void dropLost() throws IOException {
        Set<Container> gone = index.inUse();
        SegmentFile.numbers(layout.segments()).forEach(at -> gone.remove(Container.segment(at)));
        layout.bins().forEach(at -> gone.remove(Container.bin(at)));
        if (gone.isEmpty()) {
            return;
        }
        losses.note(); // before the index forgets them
        long dropped = 0;
        List<IndexEntry> page = index.entriesAfter(null, BATCH);
        while (!page.isEmpty()) {
            List<IndexEntry> lost =
                    page.stream()
                            .filter(entry -> gone.contains(Container.of(entry.location())))
                            .toList();
            dropped += lost.size();
            drop(lost);
            page = index.entriesAfter(page.getLast().id(), BATCH);
        }
        log.error("{} chunks under {} were in {}, which is gone", dropped, layout.root(), gone);
    }

    private void drop(List<IndexEntry> lost) throws IOException {
        index.change(
                changes -> {
                    for (IndexEntry entry : lost) {
                        changes.remove(entry.id());
                    }
                    return lost;
                });
    }

    /**
     * The end of the last segment.
     *
     * @param segment its number, 0 when there is none
     * @param end where its last whole record ends
     */
    private record Tail(long segment, long salt, long end) {}

    private Tail readSegments() throws IOException {
        Tail tail = new Tail(before.segment(), 0, 0);
        List<Long> numbers = SegmentFile.numbers(layout.segments());
        for (long number : numbers) {
            try (FileChannel segment = SegmentFile.openToRead(layout.segments(), number)) {
                sizes.set(number, segment.size());
                if (number < before.segment() && !rebuild) {
                    continue;
                }
                long from = number == before.segment() && !rebuild ? before.offset() : 0;
                boolean verify = !rebuild || number == numbers.getLast();
                SegmentScan scan = new SegmentScan(segment, verify);
                long end = scan.run(from, (frame, offset) -> takeRecord(number, offset, frame));
                tail = new Tail(number, scan.salt(), end);
            }
        }
        return tail;
    }

    /** A record that compaction wrote is news only when the index is lost. */
    private boolean takeRecord(long segment, long offset, ChunkFrame frame) throws IOException {
        if (!frame.copied() || rebuild) {
            take(frame, Location.inSegment(segment, offset, frame.frameBytes()));
        }
        return true;
    }

    /** Goes on with the last segment, unless it is shorter than what the index says of it. */
    private @Nullable SegmentWriter resume(Tail tail) throws IOException {
        Long size = sizes.all().get(tail.segment());
        if (size == null || tail.end() > size || tail.end() < SegmentFile.HEAD_BYTES) {
            return null;
        }
        sizes.set(tail.segment(), tail.end());
        return SegmentWriter.resume(layout.segments(), tail.segment(), tail.salt(), tail.end());
    }

    private long readBins() throws IOException {
        long next = Math.max(1, before.bin() + 1);
        List<Long> bins = layout.bins();
        for (long bin : bins) {
            next = Math.max(next, bin + 1);
            if (bin >= before.bin() || rebuild) {
                readBin(bin, !rebuild || bin == bins.getLast());
            }
        }
        return next;
    }

    private void readBin(long bin, boolean verify) throws IOException {
        try (Stream<Path> files = Files.list(Bin.path(layout.files(), bin))) {
            for (Path file : files.toList()) {
                Optional<ChunkFileName> name = ChunkFileName.parse(file.getFileName().toString());
                if (name.isPresent()) {
                    readFile(file, bin, name.get(), verify);
                }
            }
        }
    }

    private void readFile(Path path, long bin, ChunkFileName name, boolean verify)
            throws IOException {
        if (index.has(IndexKeys.gone(bin, name.serial()))) {
            return; // removed below
        }
        Optional<IndexEntry> entry = index.get(name.id());
        boolean known =
                entry.map(IndexEntry::location)
                        .filter(at -> !at.inSegment())
                        .filter(at -> at.container() == bin && at.position() == name.serial())
                        .isPresent();
        if (known) {
            return;
        }
        Optional<ChunkFrame> whole = ChunkFileCheck.wholeFrame(path, name.id(), verify);
        if (whole.isPresent() && entry.isEmpty()) {
            ChunkFrame frame = whole.get();
            int frameBytes = (int) ChunkFrame.align(frame.frameBytes(), ChunkFrame.FILE_ALIGNMENT);
            take(frame, Location.inFile(bin, name.serial(), frameBytes));
        } else {
            log.info("removing {}: {}", path, whole.isEmpty() ? "torn" : "stored elsewhere");
            Files.delete(path);
        }
    }

    private void take(ChunkFrame frame, Location location) throws IOException {
        found.putIfAbsent(frame.header().id(), new IndexEntry(frame.header(), location, nowMillis));
        if (found.size() >= BATCH) {
            takeInFound();
        }
    }

    private void takeInFound() throws IOException {
        List<IndexEntry> entries = List.copyOf(found.values());
        found.clear();
        takenIn +=
                index.change(
                        changes -> {
                            int added = 0;
                            for (IndexEntry entry : entries) {
                                if (changes.get(entry.id()).isEmpty()) {
                                    changes.add(entry, ChunkHeaderCodec.encode(entry.header()));
                                    added++;
                                }
                            }
                            return added;
                        });
    }

    private void removeGoneFiles() throws IOException {
        List<byte[]> gone = new ArrayList<>();
        index.forEach('g', (key, value) -> gone.add(key));
        GoneFiles.remove(layout, index, gone);
    }

    private void removeEmptySegments(long last) throws IOException {
        Map<Long, Long> live = index.liveBytesBySegment();
        for (long number : new TreeSet<>(sizes.all().keySet())) {
            if (number != last && live.getOrDefault(number, 0L) == 0) {
                Files.deleteIfExists(SegmentFile.path(layout.segments(), number));
                sizes.remove(number);
                index.change(
                        changes -> {
                            changes.forgetSegment(number);
                            return number;
                        });
            }
        }
    }

    /** Removes a bin's directory when nothing is in it. */
    static void removeIfEmpty(Path bin) throws IOException {
        try {
            Files.deleteIfExists(bin);
        } catch (DirectoryNotEmptyException e) {
            log.trace("{} is still in use", bin);
        }
    }
}
