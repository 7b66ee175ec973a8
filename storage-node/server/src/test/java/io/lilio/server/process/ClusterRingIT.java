package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ring of a real cluster changes while clients write and read, by the admin API. */
@Timeout(400)
@Tag("faults")
class ClusterRingIT {

    private static final RecordedLoad.Shape OWN =
            new RecordedLoad.Shape(8, 12, false, 3_000_000, true);

    @TempDir Path directory;

    @Test
    void theRingGrowsAndShrinksUnderLoadAndClientsNoticeNothing() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, 3);
                RecordedLoad load = new RecordedLoad(cluster.endpoints(), "ring", OWN, 11)) {
            load.createBucket();
            load.start();
            Thread.sleep(2_000);
            cluster.join();
            RingAdmin admin = RingAdmin.of(cluster.node(4));
            JsonNode joining = admin.member("node-4");
            assertThat(joining.path("state").asText()).isEqualTo("JOINING");
            String id = joining.path("id").asText();

            admin.admit(id);
            admin.awaitConverged();
            assertThat(admin.member("node-4").path("state").asText()).isEqualTo("ACTIVE");
            assertThat(admin.member("node-4").path("partitions").asInt())
                    .as("three quarters of the partitions have a replica there")
                    .isBetween(2_400, 3_700);
            long before = load.operations();
            Thread.sleep(1_000);
            assertThat(load.operations()).isGreaterThan(before);

            admin.drain(id);
            admin.awaitConverged();
            load.stop();
            assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
            assertThat(load.surprises()).isEmpty();
            load.readEverything(cluster.node(4).endpoint());
            load.assertLinearizable();
            cluster.terminate();
            StoppedStore.assertClusterHoldsExactlyWhatRecordsName(
                    cluster.etcd(), cluster.disks().subList(0, 3));
        }
    }

    @Test
    void whoLostItsDiskIsReplacedInAClusterOfThree() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, 3);
                RecordedLoad load =
                        new RecordedLoad(cluster.endpoints().subList(0, 2), "disk", OWN, 12)) {
            load.createBucket();
            load.start();
            Thread.sleep(2_000);
            RingAdmin admin = RingAdmin.of(cluster.node(1));
            String lost = admin.member("node-3").path("id").asText();
            cluster.node(3).kill();
            cluster.loseDisk(3);
            admin.command("mark-lost", RingAdmin.members(lost));
            admin.awaitConverged();
            cluster.node(3).startAgain();
            String fresh = admin.member("node-3", "JOINING").path("id").asText();
            assertThat(fresh).isNotEqualTo(lost);
            admin.command(
                    "replace",
                    "\"old\":\"%s\",\"replacement\":{\"member\":\"%s\"}".formatted(lost, fresh));
            admin.awaitConverged();
            load.stop();
            assertThat(load.surprises()).isEmpty();
            load.readEverything(cluster.node(3).endpoint());
            load.assertLinearizable();
            cluster.terminate();
            StoppedStore.assertClusterHoldsExactlyWhatRecordsName(cluster.etcd(), cluster.disks());
        }
    }
}
