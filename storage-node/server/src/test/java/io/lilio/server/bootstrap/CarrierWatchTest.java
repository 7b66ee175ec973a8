package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With named pipes for files on a disk that hangs: opening one waits until somebody writes. */
class CarrierWatchTest {

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void virtualThreadsGoOnWhileMoreFilesHangThanThereAreProcessors(@TempDir Path directory)
            throws Exception {
        Path pipe = directory.resolve("hangs");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        int hanging = 20 * Runtime.getRuntime().availableProcessors();
        CountDownLatch begun = new CountDownLatch(hanging);
        List<FutureTask<Void>> reads = new ArrayList<>();
        try (CarrierWatch watch = new CarrierWatch()) {
            for (int i = 0; i < hanging; i++) {
                FutureTask<Void> read = new FutureTask<>(() -> open(pipe, begun));
                reads.add(read);
                Thread.startVirtualThread(read);
            }
            begun.await();
            CountDownLatch turn = new CountDownLatch(1);
            Thread.startVirtualThread(turn::countDown);
            turn.await();
            assertThat(reads).noneMatch(FutureTask::isDone);
            // Opens it from the other side, which frees them all.
            try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw")) {
                for (FutureTask<Void> read : reads) {
                    read.get();
                }
                assertThat(writer.getFD().valid()).isTrue();
            }
            assertThat(watch).isNotNull();
        }
    }

    private static Void open(Path pipe, CountDownLatch begun) throws IOException {
        begun.countDown();
        FileChannel.open(pipe, StandardOpenOption.READ).close();
        return null;
    }
}
