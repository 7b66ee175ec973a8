package io.lilio.chunk.backend.local;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.files.DurableDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that holds one backend: locked against every other process and labelled with who it
 * is.
 *
 * <p>Thread-safe.
 */
public final class DataDirectory implements AutoCloseable {

    private static final List<String> PARTS = List.of("segments", "files", "index");

    private final Path root;
    private @Nullable Object device;
    private @Nullable DirectoryLock lock;
    private @Nullable BackendLabel label;
    private @Nullable FileIdentity labelFile;

    private DataDirectory(Path root, @Nullable BackendLabel label) {
        this.root = root.toAbsolutePath().normalize();
        this.label = label;
    }

    /**
     * Opens a directory, which is created when it does not exist, and locks it.
     *
     * @throws BackendException with a sentence that names the directory: another process has it
     *     open, it cannot be created or written, or its label cannot be read
     */
    public static DataDirectory open(Path root) {
        try {
            DurableDirectories.create(root);
            DataDirectory directory = new DataDirectory(root, null);
            directory.take();
            return directory;
        } catch (IOException e) {
            throw new BackendException(
                    MediumFault.of(e).reason(),
                    "The data directory %s cannot be opened: %s"
                            .formatted(root, MediumFault.sentence(e)),
                    e);
        }
    }

    /**
     * A directory that cannot be opened now, and that may be there later: nothing is created, and
     * only one that says by its label that it is this backend is taken.
     */
    public static DataDirectory awaited(Path root, BackendLabel label) {
        return new DataDirectory(root, label);
    }

    private synchronized void take() throws IOException {
        Object found = Files.getAttribute(root, "unix:dev");
        DirectoryLock acquired = DirectoryLock.acquire(root);
        try {
            label = LabelFile.read(root).orElse(null);
            noteLabelFile();
        } catch (IOException | RuntimeException e) {
            acquired.close();
            throw e;
        }
        device = found;
        lock = acquired;
    }

    /** Where it is. */
    public Path root() {
        return root;
    }

    /** Who it is; empty in a new directory. */
    public synchronized Optional<BackendLabel> label() {
        return Optional.ofNullable(label);
    }

    /**
     * Says durably who it is. A directory keeps its label for ever.
     *
     * @throws IllegalStateException when it has another one already
     */
    public synchronized void writeLabel(BackendLabel value) {
        if (label != null && !label.equals(value)) {
            throw new IllegalStateException(
                    "The data directory %s is %s and cannot become %s"
                            .formatted(root, label, value));
        }
        try {
            if (label == null) {
                Losses.begin(root);
            }
            LabelFile.write(root, value);
            label = value;
            noteLabelFile();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * The same for one that takes the place of another which held chunks: first it says durably
     * that it has to be filled.
     */
    public synchronized void writeLabelOfRefilled(BackendLabel value, RandomGenerator random) {
        try {
            new Losses(root, random).note();
        } catch (IOException e) {
            throw failure(e);
        }
        writeLabel(value);
    }

    /**
     * Removes every chunk, durably, and then the label: the directory of a member that was removed
     * from the cluster becomes a new one. What is broken off goes on when it is called again.
     */
    public synchronized void erase() {
        try {
            for (String part : PARTS) {
                deleteAll(root.resolve(part));
            }
            Files.deleteIfExists(root.resolve(Losses.NAME));
            DurableDirectories.sync(root);
            Files.deleteIfExists(root.resolve(LabelFile.NAME));
            DurableDirectories.sync(root);
            label = null;
            noteLabelFile();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Whether it holds nothing: no label and no chunks. */
    public synchronized boolean isEmpty() {
        try {
            return label == null && !holdsData();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Whether the path still leads to the directory that was opened, and that has its label. */
    synchronized boolean isInPlace() {
        return lock != null && lock.isInPlace() && (labelFile == null || labelFile.isInPlace());
    }

    /**
     * Opens anew what now lies at the path.
     *
     * @param adoptEmptied whether a directory that has lost its label is taken up, on the same file
     *     system only. What removed the label may have left chunks, when more were put meanwhile;
     *     an index that is left cannot be relied upon and is thrown away
     * @param losses where that is noted, before the label is written
     * @return whether it had lost its label
     * @throws IOException when there is nothing, or something else than before
     */
    synchronized boolean reopen(boolean adoptEmptied, Losses losses) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new IOException(root + " does not exist");
        }
        Optional<BackendLabel> found = LabelFile.read(root);
        if (found.isEmpty()) {
            requireAdoptable(adoptEmptied);
        } else {
            requireSameLabel(found.get());
        }
        if (lock == null || !lock.isInPlace()) {
            if (lock != null) {
                lock.close();
            }
            lock = DirectoryLock.acquire(root);
            device = Files.getAttribute(root, "unix:dev");
        }
        BackendLabel mine = label;
        if (found.isEmpty() && mine != null) {
            losses.note();
            new VolumeLayout(root).deleteIndex();
            LabelFile.write(root, mine);
        }
        noteLabelFile();
        return found.isEmpty();
    }

    /** A file system that was not mounted leaves an empty directory too, on another device. */
    private void requireAdoptable(boolean adoptEmptied) throws IOException {
        boolean sameDevice = Files.getAttribute(root, "unix:dev").equals(device);
        if (!adoptEmptied || !sameDevice) {
            throw new IOException(root + " has lost its label " + LabelFile.NAME);
        }
    }

    private void noteLabelFile() throws IOException {
        labelFile = label == null ? null : FileIdentity.of(root.resolve(LabelFile.NAME));
    }

    private void requireSameLabel(BackendLabel found) throws IOException {
        if (!found.equals(label)) {
            throw new IOException(
                    "%s is another directory now: %s instead of %s".formatted(root, found, label));
        }
    }

    private boolean holdsData() throws IOException {
        for (String part : PARTS) {
            Path directory = root.resolve(part);
            if (Files.isDirectory(directory)) {
                try (Stream<Path> entries = Files.list(directory)) {
                    if (entries.findAny().isPresent()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private BackendException failure(IOException e) {
        return new BackendException(
                MediumFault.of(e).reason(),
                "The data directory %s: %s".formatted(root, MediumFault.sentence(e)),
                e);
    }

    /** Gives the lock back. Idempotent. */
    @Override
    public synchronized void close() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new BackendException(
                    Reason.IO, "The data directory " + root + " was not closed cleanly", e);
        }
    }
}
