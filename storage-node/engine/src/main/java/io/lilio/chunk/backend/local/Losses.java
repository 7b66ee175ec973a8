package io.lilio.chunk.backend.local;

import io.lilio.files.DurableDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a directory has lost chunks and was not filled again since: a small file in it, which is
 * on the disk before anything else forgets the loss. Thread-safe.
 */
final class Losses {

    static final String NAME = "refilling";

    private static final Logger log = LoggerFactory.getLogger(Losses.class);

    /** There from before a directory has its label until it has an index. */
    private static final String UNUSED = "unused";

    private final Path root;
    private final Path file;
    private final RandomGenerator random;
    private volatile long last;

    Losses(Path root, RandomGenerator random) {
        this.root = root;
        this.file = root.resolve(NAME);
        this.random = random;
    }

    /** The last loss, as {@link io.lilio.chunk.BackendUsage#loss} tells it; asks no disk. */
    long last() {
        return last;
    }

    /** Looks what the directory says that was opened; if even that is gone, more was lost. */
    synchronized void recall() throws IOException {
        OptionalLong found = read();
        if (found.isEmpty() || (found.getAsLong() == 0 && last != 0)) {
            note();
        } else {
            last = found.getAsLong();
        }
    }

    /**
     * 0 without a loss. Empty where the file is damaged: that there was one is all that it tells.
     */
    private OptionalLong read() {
        try {
            long loss = Long.parseUnsignedLong(Files.readString(file).strip(), 16);
            return loss == 0 ? OptionalLong.empty() : OptionalLong.of(loss);
        } catch (NoSuchFileException e) {
            return OptionalLong.of(0);
        } catch (IOException | NumberFormatException e) {
            log.warn("{} is damaged, and written anew: {}", file, e.toString());
            return OptionalLong.empty();
        }
    }

    /** Something has been lost. */
    synchronized void note() throws IOException {
        long loss = random.nextLong() | 1; // never 0
        DurableFiles.replace(file, Long.toUnsignedString(loss, 16) + "\n");
        last = loss;
    }

    /** A directory is about to become a backend: that it has no index yet is as it should be. */
    static void begin(Path root) throws IOException {
        DurableFiles.replace(root.resolve(UNUSED), "");
    }

    /**
     * The index knows nothing, not even that it was made. In a directory that is in use it was
     * lost, and nobody knows what else: that is noted, before there is an index that hides it.
     *
     * @param holdsChunks whether there are any
     */
    void noteIfIndexWasLost(boolean holdsChunks) throws IOException {
        boolean inUse =
                Files.exists(root.resolve(LabelFile.NAME)) && !Files.exists(root.resolve(UNUSED));
        if (holdsChunks || inUse) {
            note();
        }
    }

    /** There is an index that is durable, and says that it was made. */
    void indexed() throws IOException {
        if (Files.deleteIfExists(root.resolve(UNUSED))) {
            DurableDirectories.sync(root);
        }
    }

    /** One loss has been made good; another that came after it stays. */
    synchronized void end(long loss) throws IOException {
        if (loss == 0 || loss != last) {
            return;
        }
        Files.deleteIfExists(file);
        DurableDirectories.sync(root);
        last = 0;
    }
}
