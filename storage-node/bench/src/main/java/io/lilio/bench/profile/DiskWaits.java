package io.lilio.bench.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * How many threads of a process wait for a disk, on average: looked at twenty times a second, as
 * the kernel tells it (state D in {@code proc_pid_stat(5)}), from the beginning to the end.
 */
final class DiskWaits {

    private static final long PAUSE_MILLIS = 50;

    private final Path tasks;
    private final Thread sampler;
    private volatile boolean over;
    private long looks;
    private long waiting;

    private DiskWaits(long pid) {
        this.tasks = Path.of("/proc/" + pid + "/task");
        this.sampler = Thread.ofPlatform().daemon().name("disk-waits").unstarted(this::look);
    }

    /** Begins. */
    static DiskWaits begin(long pid) {
        DiskWaits waits = new DiskWaits(pid);
        waits.sampler.start();
        return waits;
    }

    /** Ends, and tells the figure. */
    double end() throws InterruptedException {
        over = true;
        sampler.join();
        return looks == 0 ? 0 : (double) waiting / looks;
    }

    private void look() {
        while (!over) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
                for (Path thread : threads) {
                    waiting += waits(thread) ? 1 : 0;
                }
                looks++;
                Thread.sleep(PAUSE_MILLIS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static boolean waits(Path thread) throws IOException {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            // The state follows the name, which is in brackets and may hold anything.
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'D';
        } catch (NoSuchFileException ended) {
            return false;
        }
    }
}
