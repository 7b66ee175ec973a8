package io.lilio.chunk.backend.local;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that holds one backend: locked against every other process and labelled with who it
 * is.
 *
 * <p>Thread-safe.
 */
public final class DataDirectory implements AutoCloseable {

    private final Path root;
    private final Object device;
    private DirectoryLock lock;
    private @Nullable BackendLabel label;

    private DataDirectory(Path root) throws IOException {
        this.root = root;
        this.device = Files.getAttribute(root, "unix:dev");
        this.lock = DirectoryLock.acquire(root);
        try {
            this.label = LabelFile.read(root).orElse(null);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Opens a directory, which is created when it does not exist, and locks it.
     *
     * @throws BackendException with a sentence that names the directory: another process has it
     *     open, it cannot be created or written, or its label cannot be read
     */
    public static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root);
            return new DataDirectory(root.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new BackendException(
                    MediumFault.of(e).reason(),
                    "The data directory %s cannot be opened: %s"
                            .formatted(root, MediumFault.sentence(e)),
                    e);
        }
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
            LabelFile.write(root, value);
            label = value;
        } catch (IOException e) {
            throw failure(e);
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

    /** Whether the path still leads to the directory that was opened. */
    synchronized boolean isInPlace() {
        return lock.isInPlace();
    }

    /**
     * Opens anew what now lies at the path.
     *
     * @param adoptEmptied whether an empty directory on the same file system is taken up
     * @return whether it was empty
     * @throws IOException when there is nothing, or something else than before
     */
    synchronized boolean reopen(boolean adoptEmptied) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new IOException(root + " does not exist");
        }
        boolean emptied = LabelFile.read(root).isEmpty() && !holdsData();
        if (emptied) {
            requireAdoptable(adoptEmptied);
        } else {
            requireSameLabel();
        }
        if (lock.isInPlace()) {
            return emptied;
        }
        lock.close();
        lock = DirectoryLock.acquire(root);
        if (emptied && label != null) {
            LabelFile.write(root, label);
        }
        return emptied;
    }

    /** A file system that was not mounted leaves an empty directory too, on another device. */
    private void requireAdoptable(boolean adoptEmptied) throws IOException {
        boolean sameDevice = Files.getAttribute(root, "unix:dev").equals(device);
        if (!adoptEmptied || !sameDevice) {
            throw new IOException(root + " is empty and has lost its label " + LabelFile.NAME);
        }
    }

    private void requireSameLabel() throws IOException {
        BackendLabel found = LabelFile.read(root).orElse(null);
        if (!Objects.equals(found, label)) {
            throw new IOException(
                    "%s is another directory now: %s instead of %s".formatted(root, found, label));
        }
    }

    private boolean holdsData() throws IOException {
        for (String part : new String[] {"segments", "files", "index"}) {
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
            lock.close();
        } catch (IOException e) {
            throw new BackendException(
                    Reason.IO, "The data directory " + root + " was not closed cleanly", e);
        }
    }
}
