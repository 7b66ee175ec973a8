package io.lilio.chunk.backend.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.SampleChunk;
import io.lilio.time.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a local store does when a part of its directory is taken away, or a write fails once. */
class LocalChunkStoreLossTest {

    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final BackendLabel LABEL =
            new BackendLabel(new UUID(1, 2), new UUID(3, 4), "disk-1", "node-0");

    @TempDir Path parent;
    private final ManualTime time = new ManualTime();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private Path root;
    private LocalFixture fixture;
    private LocalChunkStore store;
    private SampleChunk small;
    private SampleChunk large;

    @BeforeEach
    void open() {
        root = parent.resolve("backend");
        fixture = new LocalFixture(root, time);
        try (DataDirectory directory = DataDirectory.open(root)) {
            directory.writeLabel(LABEL);
        }
        openStore();
        small = SampleChunk.of(1, 3000).putInto(store);
        large = SampleChunk.of(2, 900_000).putInto(store);
    }

    private void openStore() {
        store = fixture.open(fixture.settings().withReserveBytes(1 << 20), this::force);
    }

    /** Fails once with what a test has set. */
    private void force(FileChannel channel, Path path) throws IOException {
        switch (failure.getAndSet(null)) {
            case IOException io -> throw io;
            case Error error -> throw error;
            case null, default -> channel.force(false);
        }
    }

    @AfterEach
    void close() {
        store.close();
        fixture.close();
    }

    private long timesEmptied() {
        return store.health().timesEmptied();
    }

    @Test
    void whatARemovalUnderLoadLeavesBehindIsTakenUpUnderTheOldIdentity() throws Exception {
        remove(LabelFile.NAME, "lock", "segments");
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(timesEmptied()).isOne();
        assertThat(store.stat(small.id())).isEmpty();
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        assertThat(store.unconfirmed(Duration.ofHours(-1), null, 10)).hasSize(1);
        store.close();
        try (DataDirectory directory = DataDirectory.open(root)) {
            assertThat(directory.label()).contains(LABEL);
        }
    }

    /** As a sector that has become unreadable; of the others that cannot be made here. */
    @Test
    void aChunkThatCannotBeReadCountsAsDamagedAndCanBePutAgain() throws Exception {
        Path file = onlyFile();
        Files.delete(file);
        Files.createDirectory(file);

        assertThatThrownBy(() -> large.readFrom(store))
                .isInstanceOf(ChunkCorruptException.class)
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> store.verify(large.id()))
                .isInstanceOf(ChunkCorruptException.class);
        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        large.putInto(store);
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        store.verify(large.id());
    }

    @Test
    void aFileThatMayNotBeReadLeavesItsBackendWritable() throws Exception {
        Path file = onlyFile();
        Files.setPosixFilePermissions(file, Set.of());
        if (Files.isReadable(file)) { // for root; of this not even root may read
            Path forbidden = Path.of("/proc/sys/vm/compact_memory");
            assumeTrue(Files.exists(forbidden) && !canBeRead(forbidden));
            Files.delete(file);
            Files.createSymbolicLink(file, forbidden);
        }

        assertThatThrownBy(() -> large.readFrom(store))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(BackendException.Reason.IO));
        assertThatThrownBy(() -> store.verify(large.id())).isInstanceOf(BackendException.class);

        assertThat(store.health().state()).isEqualTo(State.UP);
        SampleChunk.of(3, 3000).putInto(store);
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        Files.delete(file);
    }

    private static boolean canBeRead(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.isOpen();
        } catch (IOException e) {
            return false;
        }
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve("files"))) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            assertThat(files).hasSize(1);
            return files.getFirst();
        }
    }

    @Test
    void aLabelThatIsTakenAwayWhileTheRestIsThereIsWrittenAgain() throws Exception {
        remove(LabelFile.NAME);
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(LabelFile.read(root)).contains(LABEL);
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
    }

    @Test
    void chunksThatAreTakenAwayWhileLockAndLabelStayAreNoticedAndCounted() throws Exception {
        remove("segments", "files");
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(timesEmptied()).isOne();
        assertThat(store.stat(small.id())).isEmpty();
        assertThat(store.stat(large.id())).isEmpty();
        assertThat(store.usage().chunks()).isZero();
        assertThat(small.putInto(store).readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.putInto(store).readFrom(store)).isEqualTo(large.bytes());
    }

    @Test
    void aLossIsRememberedUntilThatVeryLossWasMadeGood() throws Exception {
        assertThat(store.usage().loss()).isZero();
        store.close();
        remove("files/00000001");
        openStore();
        long loss = store.usage().loss();
        assertThat(loss).isNotZero();
        remove("index", "segments", "files");
        time.advance(PROBE);
        long second = store.usage().loss();
        assertThat(second).isNotZero().isNotEqualTo(loss);
        store.refilled(loss);
        assertThat(store.usage().loss()).isEqualTo(second);

        store.close();
        openStore();
        assertThat(store.usage().loss()).isEqualTo(second);
        assertThat(timesEmptied()).as("it is filled at once").isOne();
        store.refilled(second);
        assertThat(store.usage().loss()).isZero();
        store.close();
        openStore();
        assertThat(store.usage().loss()).isZero();
    }

    @Test
    void aDamagedNoteOfALossStillTellsOfOne() throws Exception {
        byte[] notText = {(byte) 0xff, (byte) 0xfe};
        for (byte[] damaged : List.of(new byte[0], notText, "0\n".getBytes(UTF_8))) {
            store.close();
            Files.write(root.resolve(Losses.NAME), damaged);
            openStore();
            assertThat(store.health().state()).isEqualTo(State.UP);
            assertThat(timesEmptied()).as("it is filled at once").isOne();
            assertThat(small.readFrom(store)).isEqualTo(small.bytes());
            long noted = store.usage().loss();
            assertThat(noted).isNotZero();
            store.close();
            openStore();
            assertThat(store.usage().loss()).as("written anew").isEqualTo(noted);
        }
        store.refilled(store.usage().loss());
        assertThat(store.usage().loss()).isZero();
    }

    @Test
    void anIndexThatIsGoneMayHaveNamedASegmentThatIsGoneToo() throws Exception {
        store.close();
        remove("index", "segments");
        openStore();
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        assertThat(store.stat(small.id())).isEmpty();
        long loss = store.usage().loss();
        assertThat(loss).as("nobody knows what it has named").isNotZero();
        assertThat(timesEmptied()).as("it is filled at once").isOne();
        store.refilled(loss);

        store.close();
        openStore();
        assertThat(store.usage().loss()).isZero();
    }

    /** The first one got as far as making an index. */
    @Test
    void aProcessThatDiesWhileItNotesThatOnlyTheLabelIsLeftLeavesThatToTheNext() throws Exception {
        store.close();
        remove("index", "segments", "files", "lock");
        Path obstacle = Files.createDirectory(root.resolve(Losses.NAME + ".new"));
        openStore();
        assertThat(store.health().state()).isNotEqualTo(State.UP);
        store.close();
        Files.delete(obstacle);
        openStore();
        assertThat(store.usage().loss()).isNotZero();
        assertThat(timesEmptied()).isOne();
    }

    @Test
    void aDirectoryOfWhichOnlyTheLabelIsLeftHasLostSomethingForTheNextProcessToo()
            throws Exception {
        store.close();
        remove("index", "segments", "files", "lock");
        openStore();
        assertThat(store.usage().loss()).isNotZero();
    }

    @Test
    void aNewDirectoryHasLostNothingHoweverOftenItIsOpened() {
        store.close();
        root = parent.resolve("another");
        fixture.close();
        fixture = new LocalFixture(root, time);
        try (DataDirectory directory = DataDirectory.open(root)) {
            directory.writeLabel(LABEL);
        }
        for (int round = 0; round < 3; round++) {
            openStore();
            assertThat(store.usage().loss()).isZero();
            store.close();
        }
        openStore();
    }

    @Test
    void oneThatIsTakenUpAgainWithoutItsLabelHasToBeFilled() throws Exception {
        remove(LabelFile.NAME, "lock", "segments", "files", "index");
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(store.usage().loss()).isNotZero();
    }

    @Test
    void aDirectoryOfWhichOnlyTheLabelIsLeftCountsAsEmptied() throws Exception {
        remove("index", "segments", "files", "lock");
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(timesEmptied()).isOne();
        assertThat(large.putInto(store).readFrom(store)).isEqualTo(large.bytes());
    }

    @Test
    void aSegmentOrBinThatIsGoneWhenItIsOpenedTakesItsChunksOutOfTheIndex() throws Exception {
        store.close();
        remove("files/00000001");
        openStore();
        assertThat(store.stat(large.id())).isEmpty();
        assertThat(timesEmptied()).isOne();
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        assertThat(store.usage().chunks()).isOne();
        large.putInto(store);

        store.close();
        Files.delete(SegmentFile.path(root.resolve("segments"), 1));
        openStore();
        assertThat(store.stat(small.id())).isEmpty();
        assertThat(timesEmptied()).isOne();
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        assertThat(small.putInto(store).readFrom(store)).isEqualTo(small.bytes());

        store.refilled(store.usage().loss());
        store.close();
        openStore();
        assertThat(timesEmptied()).as("nothing was lost since").isZero();
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
    }

    @Test
    void anAppendThatRunsOutOfMemoryFailsAndTheNextOneGoesOn() {
        failure.set(new OutOfMemoryError("Cannot reserve direct buffer memory"));
        assertThatThrownBy(() -> SampleChunk.of(3, 3000).putInto(store))
                .isInstanceOf(BackendException.class);

        SampleChunk next = SampleChunk.of(4, 3000).putInto(store);
        assertThat(next.readFrom(store)).isEqualTo(next.bytes());
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
    }

    @Test
    void aBinThatFailedOnceIsNotWrittenToAgain() throws Exception {
        remove("files/00000001");
        assertThatThrownBy(() -> SampleChunk.of(3, 900_000).putInto(store))
                .isInstanceOf(BackendException.class);
        SampleChunk next = SampleChunk.of(4, 900_000).putInto(store);
        assertThat(next.readFrom(store)).isEqualTo(next.bytes());

        failure.set(new IOException("Input/output error"));
        assertThatThrownBy(() -> SampleChunk.of(5, 900_000).putInto(store))
                .isInstanceOf(BackendException.class);
        SampleChunk last = SampleChunk.of(6, 900_000).putInto(store);
        assertThat(last.readFrom(store)).isEqualTo(last.bytes());
    }

    @Test
    void aMediumThatFailsAWriteIsWrittenToByTheNextProbe() throws Exception {
        Path inTheWay = Files.createDirectories(root.resolve("probe/in-the-way"));
        time.advance(PROBE);
        assertThat(store.health().state()).as("nobody complained yet").isEqualTo(State.UP);

        failure.set(new IOException("Input/output error"));
        assertThatThrownBy(() -> SampleChunk.of(3, 900_000).putInto(store))
                .isInstanceOf(BackendException.class);
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.FAILED);

        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        SampleChunk.of(3, 900_000).putInto(store);
    }

    @Test
    void aSegmentThatHeldADamagedChunkIsReclaimedWhenAllOfItIsDead() throws Exception {
        store.close();
        store = fixture.open(fixture.settings().withSegmentBytes(200_000));
        SampleChunk dead = SampleChunk.of(3, 150_000).putInto(store);
        SampleChunk damaged = SampleChunk.of(4, 60_000).putInto(store);
        Path segment = SegmentFile.path(root.resolve("segments"), 1);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1000), channel.size() - 30_000);
        }
        store.delete(List.of(dead.id()));
        store.compact();
        assertThat(segment).as("it holds a chunk that cannot be moved").exists();

        store.delete(List.of(damaged.id()));
        store.compact();
        assertThat(segment).doesNotExist();
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
    }

    @Test
    void aSegmentThatCannotBeReadKeepsNoOtherFromBeingReclaimed() throws Exception {
        store.close();
        store = fixture.open(fixture.settings().withSegmentBytes(200_000));
        List<SampleChunk> dead = new ArrayList<>();
        List<SampleChunk> live = new ArrayList<>();
        // The first segment has the largest share to reclaim, and its turn before the second.
        for (int size : new int[] {180_000, 150_000, 150_000}) {
            dead.add(SampleChunk.of(size + dead.size(), size).putInto(store));
            live.add(SampleChunk.of(10 + dead.size(), 210_000 - size).putInto(store));
        }
        dead.forEach(chunk -> store.delete(List.of(chunk.id())));
        Path unreadable = SegmentFile.path(root.resolve("segments"), 1);
        Files.delete(unreadable);
        Files.createDirectory(unreadable);

        for (int i = 0; i < 2; i++) {
            try {
                store.compact();
            } catch (BackendException failed) {
                assertThat(failed).hasMessageContaining("directory");
            }
        }

        assertThat(unreadable).exists();
        assertThat(SegmentFile.path(root.resolve("segments"), 2)).doesNotExist();
        assertThat(live.get(1).readFrom(store)).isEqualTo(live.get(1).bytes());
    }

    private void remove(String... names) throws IOException {
        for (String name : names) {
            try (Stream<Path> paths = Files.walk(root.resolve(name))) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
