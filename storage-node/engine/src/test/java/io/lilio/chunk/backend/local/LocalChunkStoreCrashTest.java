package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkHeaderCodec;
import io.lilio.chunk.SampleChunk;
import io.lilio.time.SystemTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process is killed with SIGKILL while it writes, at moments that a seed decides by the
 * number of lines it has said; then the directory is opened here and held against what it said.
 */
class LocalChunkStoreCrashTest {

    private static final long CHUNKS_PER_ROUND = 1_000_000;

    @TempDir Path root;
    private final SystemTime time = new SystemTime();
    private final Set<Long> begun = new HashSet<>();
    private final Set<Long> acknowledged = new TreeSet<>();
    private final Set<Long> deleting = new HashSet<>();
    private final Set<Long> deleted = new HashSet<>();
    private LocalFixture fixture;

    @BeforeEach
    void openFixture() {
        fixture = new LocalFixture(root, time);
    }

    @AfterEach
    void closeFixture() {
        fixture.close();
        time.close();
    }

    @Test
    void everyAcknowledgedChunkSurvivesKillAndEveryDeletedOneStaysDeleted() throws Exception {
        crashAndCheck(3, 20261123);
    }

    @Test
    @Tag("faults")
    void thirtyKillsInARowLoseNothing() throws Exception {
        crashAndCheck(30, 42);
    }

    private void crashAndCheck(int rounds, long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            runAndKill(random.nextLong(), round * CHUNKS_PER_ROUND, 50 + random.nextInt(900));
            try (LocalChunkStore store = fixture.open(CrashingWriter.settings())) {
                check(store, "round " + round + " of seed " + seed);
            }
        }
        assertThat(acknowledged).as("the writers got somewhere").hasSizeGreaterThan(rounds * 5);
    }

    private void runAndKill(long seed, long firstChunk, int lines) throws Exception {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CrashingWriter.class.getName(),
                                root.toString(),
                                Long.toString(seed),
                                Long.toString(firstChunk))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int said = 0;
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                note(line);
                if (++said == lines) {
                    process.toHandle().destroyForcibly(); // SIGKILL, without closing its output
                }
            }
        }
        process.waitFor();
        assertThat(said).as("the writer died by itself").isGreaterThanOrEqualTo(lines);
    }

    private void note(String line) {
        String[] words = line.split(" ");
        if (words.length < 2) {
            return; // cut off by the kill
        }
        long seed = Long.parseLong(words[1]);
        switch (words[0]) {
            case "W" -> begun.add(seed);
            case "P" -> acknowledged.add(seed);
            case "X" -> deleting.add(seed);
            case "D" -> deleted.add(seed);
            default -> assertThat(line).isEqualTo("R 0");
        }
    }

    private void check(LocalChunkStore store, String when) {
        long stored = 0;
        long payload = 0;
        for (long seed : begun) {
            SampleChunk chunk = SampleChunk.of(seed, CrashingWriter.lengthOf(seed));
            String what = "chunk " + seed + " in " + when;
            boolean there = store.stat(chunk.id()).isPresent();
            if (deleted.contains(seed)) {
                assertThat(there).as("deleted %s", what).isFalse();
            } else if (acknowledged.contains(seed) && !deleting.contains(seed)) {
                assertThat(there).as("acknowledged %s", what).isTrue();
            }
            if (there) {
                assertThat(chunk.readFrom(store)).as(what).isEqualTo(chunk.bytes());
                store.verify(chunk.id());
                stored++;
                payload += chunk.header().length();
            }
        }
        assertThat(store.usage().chunks()).as("chunks in %s", when).isEqualTo(stored);
        assertThat(store.usage().payloadBytes()).as("bytes in %s", when).isEqualTo(payload);
        assertThat(listed(store)).as("listed in %s", when).hasSize((int) stored);
        assertThat(store.unconfirmed(Duration.ofHours(-1), null, 10_000))
                .as("marks in %s", when)
                .hasSize((int) stored);
    }

    private static List<ChunkHeader> listed(LocalChunkStore store) {
        List<ChunkHeader> all = new ArrayList<>();
        for (int partition = 0; partition < LocalFixture.PARTITIONS; partition++) {
            all.addAll(store.list(partition, null, 10_000));
        }
        return all;
    }

    @Test
    void aPowerLossTakesTheUnsyncedTailAndNothingElse() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 4; round++) {
            Path live = root.resolve("live-" + round);
            Path lost = root.resolve("lost-" + round);
            List<SampleChunk> chunks = new ArrayList<>();
            List<SampleChunk> gone = new ArrayList<>();
            try (LocalFixture writing = new LocalFixture(live, time);
                    LocalChunkStore store = writing.open()) {
                for (int i = 0; i < 12; i++) {
                    int length = i % 4 == 3 ? 600_000 : 20_000;
                    chunks.add(SampleChunk.of(round * 100 + i, length).putInto(store));
                }
                gone.addAll(chunks.subList(2, 5));
                store.delete(gone.stream().map(SampleChunk::id).toList());
                chunks.removeAll(gone);
                Files.createDirectory(lost);
                copyIndexAsOfNow(live, lost); // what was written later is lost from the index
                for (int i = 20; i < 24; i++) {
                    int length = i % 4 == 3 ? 600_000 : 20_000;
                    chunks.add(SampleChunk.of(round * 100 + i, length).putInto(store));
                }
                copyChunks(live, lost);
            }
            appendGarbage(lost, random);
            try (LocalFixture reading = new LocalFixture(lost, time);
                    LocalChunkStore store = reading.open()) {
                for (SampleChunk chunk : chunks) {
                    assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes());
                    store.verify(chunk.id());
                }
                for (SampleChunk chunk : gone) {
                    assertThat(store.stat(chunk.id())).isEmpty();
                }
                assertThat(store.usage().chunks()).isEqualTo(chunks.size());
                SampleChunk after = SampleChunk.of(round * 100 + 50, 9000).putInto(store);
                assertThat(after.readFrom(store)).isEqualTo(after.bytes());
            }
        }
    }

    private static void copyIndexAsOfNow(Path from, Path to) throws Exception {
        run("cp", "-r", from.resolve("index").toString(), to.toString());
    }

    private static void copyChunks(Path from, Path to) throws Exception {
        run("cp", "-r", from.resolve("segments").toString(), to.toString());
        run("cp", "-r", from.resolve("files").toString(), to.toString());
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** Half a record, zeros or noise behind the segment; half a file in the bin. */
    private static void appendGarbage(Path root, Random random) throws IOException {
        SampleChunk torn = SampleChunk.of(random.nextLong(), 30_000);
        byte[] header = ChunkHeaderCodec.encode(torn.header());
        Path segment = SegmentFile.path(root.resolve("segments"), 1);
        try (FileChannel channel =
                FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer record = ByteBuffer.allocate(40_000);
            ChunkFrame.write(torn.id(), header, false, SegmentFile.salt(channel), record);
            switch (random.nextInt(3)) {
                case 0 -> record.limit(record.position() + random.nextInt(30_000)); // zeros follow
                case 1 -> record.clear();
                default -> {
                    byte[] noise = new byte[5000];
                    random.nextBytes(noise);
                    record.put(noise);
                }
            }
            record.position(0);
            channel.write(record, channel.size());
        }
        Path bin = Bin.path(root.resolve("files"), 1);
        String name = new ChunkFileName(torn.id(), 999).toString();
        Files.write(bin.resolve(name), new byte[random.nextInt(20_000)]);
    }
}
