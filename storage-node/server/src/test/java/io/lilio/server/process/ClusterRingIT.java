package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.StreamSupport;
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
            Curl admin = Curl.ofRoot(cluster.node(4));
            JsonNode joining = member(admin, "node-4");
            assertThat(joining.path("state").asText()).isEqualTo("JOINING");
            String id = joining.path("id").asText();

            command(admin, "admit", "\"admissions\":[{\"member\":\"%s\"}]".formatted(id));
            awaitConverged(admin);
            assertThat(member(admin, "node-4").path("state").asText()).isEqualTo("ACTIVE");
            assertThat(member(admin, "node-4").path("partitions").asInt())
                    .as("three quarters of the partitions have a replica there")
                    .isBetween(2_400, 3_700);
            long before = load.operations();
            Thread.sleep(1_000);
            assertThat(load.operations()).isGreaterThan(before);

            command(admin, "drain", "\"members\":[\"%s\"]".formatted(id));
            awaitConverged(admin);
            load.stop();
            assertThat(member(admin, "node-4").path("state").asText()).isEqualTo("REMOVED");
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
            Curl admin = Curl.ofRoot(cluster.node(1));
            String lost = member(admin, "node-3").path("id").asText();
            cluster.node(3).kill();
            cluster.loseDisk(3);
            command(admin, "mark-lost", "\"members\":[\"%s\"]".formatted(lost));
            cluster.node(3).startAgain();
            String fresh = member(admin, "node-3", "JOINING").path("id").asText();
            assertThat(fresh).isNotEqualTo(lost);
            command(
                    admin,
                    "replace",
                    "\"old\":\"%s\",\"replacement\":{\"member\":\"%s\"}".formatted(lost, fresh));
            awaitConverged(admin);
            load.stop();
            assertThat(load.surprises()).isEmpty();
            load.readEverything(cluster.node(3).endpoint());
            load.assertLinearizable();
            cluster.terminate();
            StoppedStore.assertClusterHoldsExactlyWhatRecordsName(cluster.etcd(), cluster.disks());
        }
    }

    /** Under whatever epoch is the newest. */
    private static void command(Curl admin, String what, String fields)
            throws IOException, InterruptedException {
        String epoch = admin.get("/v1/ring").is(200).at("/epoch");
        admin.post(
                        "/v1/ring/" + what,
                        "{\"operationId\":\"%s\",\"expectedEpoch\":%s,%s}"
                                .formatted(UUID.randomUUID(), epoch, fields))
                .is(200);
    }

    private static JsonNode member(Curl admin, String node)
            throws IOException, InterruptedException {
        return member(admin, node, "");
    }

    /** The first of a node's members that is in a state, or in any. */
    private static JsonNode member(Curl admin, String node, String state)
            throws IOException, InterruptedException {
        JsonNode members = admin.get("/v1/ring").is(200).body().path("members");
        return StreamSupport.stream(members.spliterator(), false)
                .filter(each -> each.path("node").asText().equals(node))
                .filter(each -> state.isEmpty() || each.path("state").asText().equals(state))
                .findFirst()
                .orElseThrow(() -> new AssertionError(node + " is not in " + members));
    }

    /** Every partition is where the newest epoch places it, and no change is under way. */
    private static void awaitConverged(Curl admin) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (true) {
            JsonNode ring = admin.get("/v1/ring").is(200).body();
            if (ring.path("unsettled").asInt() == 0
                    && (ring.path("operation").isMissingNode()
                            || ring.path("operation").isNull())) {
                return;
            }
            assertThat(System.nanoTime()).as("still not: %s", ring).isLessThan(deadline);
            Thread.sleep(200);
        }
    }
}
