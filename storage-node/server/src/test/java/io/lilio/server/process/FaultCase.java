package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.process.RecordedLoad.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;

/** A server over three disks that tests spoil, and how it shows that it noticed and recovered. */
abstract class FaultCase {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final List<String> NAMES = List.of("disk0", "disk1", "disk2");

    @TempDir Path directory;
    final List<Disk> disks = new ArrayList<>();
    ServerProcess server;
    RecordedLoad load;

    void start(Map<String, String> more) throws Exception {
        boolean mounts = Disk.canMount(directory);
        Map<String, String> settings = new HashMap<>(more);
        settings.put("LILIO_REPLICATION_FACTOR", "3");
        settings.put("LILIO_MAINTENANCE_UNCONFIRMED_AGE", "1s");
        settings.put("LILIO_MAINTENANCE_ORPHANS_INTERVAL", "500ms");
        settings.put("LILIO_MAINTENANCE_TRASH_INTERVAL", "300ms");
        for (int i = 0; i < 3; i++) {
            Path path = directory.resolve(NAMES.get(i));
            disks.add(mounts ? Disk.mount(path, i == 1 ? 256 : 1024) : Disk.directory(path));
            settings.put("LILIO_BACKENDS_" + i + "__NAME", NAMES.get(i));
            settings.put("LILIO_BACKENDS_" + i + "__TYPE", "local");
            settings.put("LILIO_BACKENDS_" + i + "__PATH", chunks(i).toString());
        }
        server = ServerProcess.start(directory.resolve("data"), settings);
        load =
                new RecordedLoad(
                        server.endpoint(), "faults", new Shape(6, 12, false, 3_000_000, false), 3);
        load.createBucket();
        awaitOnlyUnwell(Map.of());
        assertThat(server.health().damaged()).as("damage on new disks").isEmpty();
    }

    void startOnRealDisks() throws Exception {
        if (!Disk.canMount(directory)) {
            String why = "real full and read-only disks need the right to mount";
            assertThat(mountsRequired(System.getenv())).as(why).isFalse();
            Assumptions.abort(why);
        }
        start(Map.of());
    }

    /** Whether a machine where nothing can be mounted is a fault, rather than a reason to skip. */
    static boolean mountsRequired(Map<String, String> environment) {
        return Stream.of("CI", "LILIO_REQUIRE_MOUNTS")
                .map(name -> environment.getOrDefault(name, ""))
                .anyMatch(value -> !value.isEmpty());
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

    Path chunks(int disk) {
        return directory.resolve(NAMES.get(disk)).resolve("chunks");
    }

    /**
     * Waits until health and metrics name exactly these backends, health with these states; clients
     * are served all the same, so the server stays ready.
     */
    void awaitOnlyUnwell(Map<String, String> states) throws Exception {
        Map<String, String> expected = new HashMap<>();
        NAMES.forEach(name -> expected.put(name, states.getOrDefault(name, "UP")));
        eventually(
                "health says " + expected,
                () -> {
                    Health health = server.health();
                    return health.states().equals(expected)
                            && health.status("backends").equals("UP")
                            && unwellInMetrics().equals(states.keySet())
                            && server.isReady();
                });
    }

    private Set<String> unwellInMetrics() throws Exception {
        Metrics metrics = server.metrics();
        Set<String> unwell = new HashSet<>();
        for (String name : NAMES) {
            if (metrics.value("lilio_backend_health", "node", name) != 1) {
                unwell.add(name);
            }
        }
        return unwell;
    }

    /** By the server itself, while it runs. */
    void awaitLevel() throws Exception {
        eventually(
                "all backends are level",
                () -> {
                    for (int i = 0; i < 4; i++) {
                        if (!looksLevel(server.metrics())) {
                            return false;
                        }
                        Thread.sleep(400);
                    }
                    return true;
                });
    }

    private static boolean looksLevel(Metrics metrics) {
        return metrics.values("lilio_backend_health").allMatch(value -> value == 1)
                && metrics.values("lilio_backend_chunks").distinct().count() == 1
                && metrics.values("lilio_unconfirmed_chunks").allMatch(value -> value == 0)
                && metrics.values("lilio_trash_records").allMatch(value -> value == 0);
    }

    void stopAndCompare() throws Exception {
        assertThat(server.terminate()).isIn(0, 143);
        StoppedStore.assertIsLevel(server.data(), List.of(chunks(0), chunks(1), chunks(2)));
    }

    void eventually(String what, Callable<Boolean> holds) throws Exception {
        long end = System.nanoTime() + SOON.toNanos();
        while (!holds.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still not: " + what + "\n" + state());
            }
            Thread.sleep(200);
        }
    }

    private String state() throws Exception {
        return server.health()
                + "\n"
                + server.metrics().lines("lilio_(backend|unconfirmed|trash|maint|corrupt).*")
                + "\n"
                + server.lastLog();
    }
}
