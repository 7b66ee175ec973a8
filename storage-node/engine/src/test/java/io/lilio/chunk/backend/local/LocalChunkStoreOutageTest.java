package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.SampleChunk;
import io.lilio.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a local store does while its directory is gone, full or read-only, and afterwards. */
class LocalChunkStoreOutageTest {

    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final BackendLabel LABEL =
            new BackendLabel(new UUID(1, 2), new UUID(3, 4), "disk-1", "node-0");

    @TempDir Path parent;
    private final ManualTime time = new ManualTime();
    private final List<Path> mounts = new ArrayList<>();
    private Path root;
    private LocalFixture fixture;
    private LocalChunkStore store;
    private SampleChunk small;
    private SampleChunk large;

    @BeforeEach
    void chooseRoot() {
        root = parent.resolve("backend");
    }

    private void open() {
        open(Forcing.of(Durability.FULL));
    }

    private void open(Forcing forcing) {
        fixture = new LocalFixture(root, time);
        try (DataDirectory directory = DataDirectory.open(root)) {
            directory.writeLabel(LABEL);
        }
        store = fixture.open(fixture.settings().withReserveBytes(1 << 20), forcing);
        small = SampleChunk.of(1, 3000).putInto(store);
        large = SampleChunk.of(2, 900_000).putInto(store);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        fixture.close();
        for (Path mount : mounts.reversed()) {
            run("umount", "-l", mount.toString());
        }
    }

    @Test
    void aDirectoryThatWasDeletedFailsWritesAtOnceAndIsReported() throws Exception {
        open();
        deleteTree(root);

        assertRefused(Reason.IO, () -> SampleChunk.of(3, 3000).putInto(store));
        assertRefused(Reason.IO, () -> SampleChunk.of(4, 900_000).putInto(store));
        assertRefused(Reason.IO, () -> small.readFrom(store));
        assertThat(store.health().state()).isEqualTo(State.FAILED);
        assertThat(store.health().detail()).contains("taken away");
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.FAILED);
    }

    @Test
    void theProbeNoticesADeletedDirectoryWithoutAnyCall() throws Exception {
        open();
        deleteTree(root);
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.FAILED);
        assertRefused(Reason.IO, () -> store.stat(small.id()));
    }

    @Test
    void aDirectoryThatComesBackIsOpenedWithWhatIsInIt() throws Exception {
        open();
        Path away = parent.resolve("away");
        Files.move(root, away);
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.FAILED);
        Files.move(away, root);
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(store.health().timesEmptied()).isZero();
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        SampleChunk.of(3, 3000).putInto(store);
    }

    @Test
    void aDirectoryThatComesBackEmptyIsTakenUpUnderItsOldIdentity() throws Exception {
        open();
        deleteTree(root);
        time.advance(PROBE);
        Files.createDirectory(root);
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(store.health().timesEmptied()).isOne();
        assertThat(store.stat(small.id())).isEmpty();
        assertThat(store.usage().chunks()).isZero();
        assertThat(small.putInto(store).readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.putInto(store).readFrom(store)).isEqualTo(large.bytes());
        store.close();
        try (DataDirectory directory = DataDirectory.open(root)) {
            assertThat(directory.label()).contains(LABEL);
        }
    }

    @Test
    void aDirectoryThatIsEmptiedAndMadeAnewBetweenTwoProbesIsTakenUpAndCounted() throws Exception {
        open();
        deleteTree(root);
        Files.createDirectory(root);
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(store.health().timesEmptied()).isOne();
    }

    @Test
    void aDirectoryThatIsNotThereAtTheStartIsAwaitedAndOpenedWithWhatIsInIt() throws Exception {
        open();
        store.close();
        Path away = parent.resolve("away");
        Files.move(root, away);
        store = fixture.open(DataDirectory.awaited(root, LABEL));
        assertThat(store.health().state()).isEqualTo(State.FAILED);
        assertRefused(Reason.IO, () -> SampleChunk.of(3, 3000).putInto(store));

        Files.createDirectory(root);
        time.advance(PROBE);
        assertThat(store.health().state())
                .as("an empty one may be a mount that failed")
                .isEqualTo(State.FAILED);
        assertThat(root).as("nothing is written into it").isEmptyDirectory();
        Files.delete(root);
        Files.move(away, root);
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        assertThatThrownBy(() -> DataDirectory.open(root))
                .as("it is locked")
                .isInstanceOf(BackendException.class);
    }

    @Test
    void aDirectoryThatComesWithAnotherNumberOfPartitionsStaysOut() throws Exception {
        open();
        store.close();
        Path away = parent.resolve("away");
        Files.move(root, away);
        store =
                LocalChunkStore.open(
                        DataDirectory.awaited(root, LABEL),
                        LocalChunkStoreSettings.defaults(2 * LocalFixture.PARTITIONS),
                        fixture.runtime());
        Files.move(away, root);
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.FAILED);
        assertThat(store.health().detail())
                .contains("its index goes by 4 partitions, but the cluster has 8");
    }

    @Test
    void anotherBackendsDirectoryInItsPlaceStaysOut() throws Exception {
        open();
        deleteTree(root);
        try (DataDirectory directory = DataDirectory.open(root)) {
            directory.writeLabel(
                    new BackendLabel(LABEL.cluster(), new UUID(9, 9), "disk-2", "node-0"));
        }
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.FAILED);
        assertThat(store.health().detail()).contains("disk-2");
    }

    @Test
    void aMediumThatTurnsReadOnlyIsStillRead() {
        AtomicReference<String> error = new AtomicReference<>("");
        open(failingWith(error));
        error.set("Read-only file system");
        assertRefused(Reason.READ_ONLY, () -> SampleChunk.of(3, 3000).putInto(store));
        assertThat(store.health().state()).isEqualTo(State.READ_ONLY);
        assertRefused(Reason.READ_ONLY, () -> store.delete(List.of(small.id())));
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());

        error.set("");
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        SampleChunk.of(3, 3000).putInto(store);
    }

    @Test
    void aFullMediumIsStillReadAndEmptiedAndRecovers() {
        AtomicReference<String> error = new AtomicReference<>("");
        open(failingWith(error));
        error.set("No space left on device");
        assertRefused(Reason.FULL, () -> SampleChunk.of(3, 900_000).putInto(store));
        assertThat(store.health().state()).isEqualTo(State.FULL);
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());
        store.delete(List.of(large.id()));

        error.set("");
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        SampleChunk.of(3, 900_000).putInto(store);
    }

    private static Forcing failingWith(AtomicReference<String> error) {
        return (channel, path) -> {
            if (!error.get().isEmpty()) {
                throw new IOException(error.get());
            }
        };
    }

    @Test
    void aRealFileSystemThatIsFullIsReadAndEmptiedAndRecovers() throws Exception {
        mountTmpfs("24m");
        open();
        List<SampleChunk> filling = new ArrayList<>();
        assertThatThrownBy(
                        () -> {
                            for (int seed = 10; seed < 200; seed++) {
                                int length = seed % 2 == 0 ? 700_000 : 200_000;
                                filling.add(SampleChunk.of(seed, length).putInto(store));
                            }
                        })
                .isInstanceOf(BackendException.class);
        assertThat(store.health().state()).isEqualTo(State.FULL);
        assertThat(filling).hasSizeGreaterThan(20);
        filling.forEach(chunk -> assertThat(chunk.readFrom(store)).isEqualTo(chunk.bytes()));

        store.delete(filling.stream().map(SampleChunk::id).toList());
        time.advance(PROBE);
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        SampleChunk.of(500, 200_000).putInto(store);
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
    }

    @Test
    void aFileSystemThatOthersFillIsFullBeforeAnyPut() throws Exception {
        mountTmpfs("24m");
        open();
        Path others = root.resolve("others");
        int bytes = (int) (root.toFile().getUsableSpace() - 512 * 1024);
        Files.write(others, new byte[bytes]);
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.FULL);
        store.delete(List.of(large.id()));

        Files.delete(others);
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
    }

    @Test
    void aRealReadOnlyMountIsReadAndRecovers() throws Exception {
        Files.createDirectory(root);
        open();
        mount("--bind", root.toString(), root.toString());
        mount("-o", "remount,bind,ro", root.toString());
        time.advance(PROBE);

        assertThat(store.health().state()).isEqualTo(State.READ_ONLY);
        assertRefused(Reason.READ_ONLY, () -> SampleChunk.of(3, 900_000).putInto(store));
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
        assertThat(large.readFrom(store)).isEqualTo(large.bytes());

        run("mount", "-o", "remount,bind,rw", root.toString());
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        SampleChunk.of(3, 900_000).putInto(store);
    }

    @Test
    void anEmptyMountInItsPlaceIsNotTakenForIt() throws Exception {
        open();
        mountTmpfs("4m");
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.FAILED);
        assertThat(store.health().detail()).contains("label");

        run("umount", mounts.removeLast().toString());
        time.advance(PROBE);
        assertThat(store.health().state()).isEqualTo(State.UP);
        assertThat(small.readFrom(store)).isEqualTo(small.bytes());
    }

    private void mountTmpfs(String size) throws Exception {
        Files.createDirectories(root);
        mount("-t", "tmpfs", "-o", "size=" + size, "lilio-test", root.toString());
    }

    private void mount(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        boolean mounted = run(command.toArray(String[]::new));
        assumeTrue(mounted, "this test has to be allowed to mount file systems");
        if (!mounts.contains(root)) {
            mounts.add(root);
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program here
        }
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackendException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
