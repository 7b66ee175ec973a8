package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.process.RecordedLoad.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One of three backends fails while clients write and read: no client sees it, and it comes back
 * level.
 */
@Tag("faults")
class BackendFaultsIT {

    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir Path directory;
    private final List<Disk> disks = new ArrayList<>();
    private ServerProcess server;
    private RecordedLoad load;

    @BeforeEach
    void startOnThreeDisks() throws Exception {
        Assumptions.assumeTrue(
                Disk.canMount(directory), "real full and read-only disks need the right to mount");
        Map<String, String> settings = new HashMap<>();
        settings.put("LILIO_REPLICATION_FACTOR", "3");
        for (int i = 0; i < 3; i++) {
            Disk disk = Disk.mount(directory.resolve("disk" + i), i == 1 ? 256 : 1024);
            disks.add(disk);
            settings.put("LILIO_BACKENDS_" + i + "__NAME", "disk" + i);
            settings.put("LILIO_BACKENDS_" + i + "__TYPE", "local");
            settings.put(
                    "LILIO_BACKENDS_" + i + "__PATH",
                    disk.directory().resolve("chunks").toString());
        }
        server = ServerProcess.start(directory.resolve("data"), settings);
        load =
                new RecordedLoad(
                        server.endpoint(), "faults", new Shape(6, 30, false, 3_000_000, false), 3);
        load.createBucket();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        for (Disk disk : disks) {
            disk.close();
        }
    }

    @Test
    void aDeletedDirectoryIsInvisibleToClientsAndBroughtLevel() throws Exception {
        runLoadThrough(
                () -> {
                    disks.get(1).deleteEverything();
                    eventually("disk1 is known to be gone", () -> !backendIsUp("disk1"));
                    assertThat(server.health()).contains("disk1");
                    Thread.sleep(3_000);
                    Files.createDirectories(disks.get(1).directory().resolve("chunks"));
                    return null;
                });
    }

    @Test
    void aReadOnlyDiskIsInvisibleToClientsAndBroughtLevel() throws Exception {
        runLoadThrough(
                () -> {
                    disks.get(1).readOnly();
                    eventually("disk1 is known to be read-only", () -> !backendIsUp("disk1"));
                    assertThat(server.health()).contains("disk1");
                    Thread.sleep(4_000);
                    disks.get(1).readWrite();
                    return null;
                });
    }

    @Test
    void aFullDiskIsInvisibleToClientsAndBroughtLevel() throws Exception {
        runLoadThrough(
                () -> {
                    Path filler = disks.get(1).fill();
                    eventually("disk1 is known to be full", () -> !backendIsUp("disk1"));
                    Thread.sleep(4_000);
                    Files.delete(filler);
                    return null;
                });
    }

    @Test
    void flippedBytesAreNeverServedAndMended() throws Exception {
        runLoadThrough(
                () -> {
                    int flipped = disks.get(1).flipBytes(200, new Random(1));
                    assertThat(flipped).isGreaterThan(50);
                    Thread.sleep(4_000);
                    return null;
                });
    }

    @Test
    void twoOfThreeBackendsGoneIsAnswered503AtOnceAndRecovers() throws Exception {
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            byte[] body = new byte[2_000_000];
            s3.putObject(b -> b.bucket("faults").key("before"), RequestBody.fromBytes(body));
            disks.get(0).readOnly();
            disks.get(1).readOnly();
            for (int i = 0; i < 5; i++) {
                String key = "refused" + i;
                long begin = System.nanoTime();
                assertThatThrownBy(
                                () ->
                                        s3.putObject(
                                                b -> b.bucket("faults").key(key),
                                                RequestBody.fromBytes(body)))
                        .isInstanceOfSatisfying(
                                S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503));
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isLessThan(Duration.ofSeconds(20));
            }
            assertThat(s3.getObjectAsBytes(b -> b.bucket("faults").key("before")).asByteArray())
                    .isEqualTo(body);
            assertThat(s3.listObjectsV2(b -> b.bucket("faults")).contents()).hasSize(1);
            disks.get(0).readWrite();
            disks.get(1).readWrite();
            eventually(
                    "writes work again",
                    () -> {
                        try {
                            s3.putObject(
                                    b -> b.bucket("faults").key("after"),
                                    RequestBody.fromBytes(body));
                            return true;
                        } catch (S3Exception e) {
                            return false;
                        }
                    });
        }
        assertThat(server.terminate()).isIn(0, 143);
        StoppedStore.assertHoldsExactlyWhatRecordsName(
                server.data(),
                disks.stream().map(disk -> disk.directory().resolve("chunks")).toList());
    }

    private void runLoadThrough(Callable<Void> fault) throws Exception {
        load.start();
        Thread.sleep(4_000);
        fault.call();
        Thread.sleep(4_000);
        load.stop();
        load.readEverything();
        assertThat(load.surprises()).as("what clients saw").isEmpty();
        load.assertLinearizable();
        eventually("disk1 is well again", () -> backendIsUp("disk1"));
        assertThat(server.terminate()).isIn(0, 143);
        StoppedStore.assertHoldsExactlyWhatRecordsName(
                server.data(),
                disks.stream().map(disk -> disk.directory().resolve("chunks")).toList());
    }

    private boolean backendIsUp(String name) throws Exception {
        return server.metrics()
                .lines()
                .anyMatch(
                        line ->
                                line.startsWith("lilio_backend_health{")
                                        && line.contains("\"" + name + "\"")
                                        && line.endsWith(" 1.0"));
    }

    private static void eventually(String what, Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!holds.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(200);
        }
    }
}
