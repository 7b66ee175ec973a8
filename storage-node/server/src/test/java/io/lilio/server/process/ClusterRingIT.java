package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ring of a real cluster changes while clients write and read, by the admin API; the nodes
 * carry the changes out by themselves.
 */
@Timeout(600)
@Tag("faults")
class ClusterRingIT {

    @TempDir Path directory;

    private static ClusterProcesses patient(Path directory) throws Exception {
        return ClusterProcesses.start(
                directory, ClusterProcesses.Shape.of(3).with(ClusterProcesses.PATIENT));
    }

    @Test
    void theRingGrowsAndShrinksUnderLoadAndClientsNoticeNothing() throws Exception {
        try (ClusterProcesses cluster = patient(directory);
                ClusterLoad load = ClusterLoad.fill(cluster.endpoints(), 11)) {
            load.start();
            load.awaitProgress(20, cluster.node(1), cluster.node(2), cluster.node(3));
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
            load.awaitProgress(20, cluster.node(1), cluster.node(2), cluster.node(3));

            admin.drain(id);
            admin.awaitConverged();
            load.stop();
            assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
            load.assertNothingWrong(cluster.node(4));
            ClusterEnd.compare(cluster, 3);
        }
    }

    @Test
    void whoLostItsDiskIsReplacedInAClusterOfThree() throws Exception {
        try (ClusterProcesses cluster = patient(directory);
                ClusterLoad load = ClusterLoad.fill(cluster.endpoints().subList(0, 2), 12)) {
            load.start();
            load.awaitProgress(20, cluster.node(1), cluster.node(2));
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
            load.assertNothingWrong(cluster.node(3));
            ClusterEnd.repairAndCompare(cluster);
        }
    }
}
