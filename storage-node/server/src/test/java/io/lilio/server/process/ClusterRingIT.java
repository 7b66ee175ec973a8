package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ring of a real cluster changes while clients write and read, by the admin API; the nodes
 * carry the changes out by themselves.
 */
@Timeout(600)
@Tag("faults")
class ClusterRingIT {

    @TempDir Path directory;

    private static ClusterProcesses patient(Path directory) throws Exception {
        return patient(directory, 3);
    }

    private static ClusterProcesses patient(Path directory, int size) throws Exception {
        return ClusterProcesses.start(
                directory, ClusterProcesses.Shape.of(size).with(ClusterProcesses.PATIENT));
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
            assertHoldsItsShare(admin.member("node-4"), 4);
            load.awaitProgress(20, cluster.node(1), cluster.node(2), cluster.node(3));

            admin.drain(id);
            admin.awaitConverged();
            load.stop();
            assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
            load.assertNothingWrong(cluster.node(4));
            ClusterEnd.compare(cluster);
        }
    }

    /** Clients of a node go on whatever becomes of what it hosts. */
    @Test
    void clientsAreAtWorkAtANodeThatJoinsIsReweighedAndDrained() throws Exception {
        try (ClusterProcesses cluster = patient(directory)) {
            ServerProcess fourth = cluster.join();
            try (ClusterLoad load = ClusterLoad.fill(cluster.endpoints(), 13)) {
                ServerProcess[] nodes = {cluster.node(1), cluster.node(2), cluster.node(3), fourth};
                RingAdmin admin = RingAdmin.of(fourth);
                String id = admin.id("node-4");
                load.start();
                load.awaitProgress(nodes);

                admin.admit(id);
                admin.awaitConverged();
                load.awaitProgress(nodes);
                int share = partitions(admin, "node-4");
                admin.command("reweigh", "\"member\":\"%s\",\"weight\":4".formatted(id));
                admin.awaitConverged();
                assertThat(partitions(admin, "node-4")).isGreaterThan(share);
                load.awaitProgress(nodes);

                admin.drain(id);
                admin.awaitConverged();
                assertThat(admin.member("node-4").path("state").asText()).isEqualTo("REMOVED");
                load.awaitProgress(nodes);
                load.stop();
                load.assertNothingWrong(fourth);
                ClusterEnd.compare(cluster);
            }
        }
    }

    private static int partitions(RingAdmin admin, String node) throws Exception {
        return admin.member(node).path("partitions").asInt();
    }

    /** The one that is replaced lives and serves clients; so does the other. */
    @Test
    void aMemberThatLivesIsReplacedByThatOfAnotherNode() throws Exception {
        try (ClusterProcesses cluster = patient(directory)) {
            ServerProcess fourth = cluster.join();
            try (ClusterLoad load = ClusterLoad.fill(cluster.endpoints(), 14)) {
                ServerProcess[] nodes = {cluster.node(1), cluster.node(2), cluster.node(3), fourth};
                RingAdmin admin = RingAdmin.of(cluster.node(3));
                load.start();
                load.awaitProgress(nodes);
                admin.command("replace", replacement(admin.id("node-3"), admin.id("node-4")));
                admin.awaitConverged();
                load.awaitProgress(nodes);
                load.stop();
                assertThat(admin.member("node-3").path("state").asText()).isEqualTo("REMOVED");
                assertThat(partitions(admin, "node-4")).isEqualTo(ServerProcess.PARTITIONS);
                load.assertNothingWrong(cluster.node(3));
                ClusterEnd.compare(cluster);
            }
        }
    }

    private static String replacement(String old, String fresh) {
        return "\"old\":\"%s\",\"replacement\":{\"member\":\"%s\"}".formatted(old, fresh);
    }

    /** Its own clients are refused until it serves again; those of the others notice nothing. */
    @ParameterizedTest(name = "in a cluster of {0}")
    @ValueSource(ints = {3, 4})
    void whoLostItsDiskIsReplaced(int size) throws Exception {
        String node = "node-" + size;
        try (ClusterProcesses cluster = patient(directory, size);
                ClusterLoad load = ClusterLoad.fill(cluster.endpoints(), 12)) {
            ServerProcess victim = cluster.node(size);
            ServerProcess[] all =
                    IntStream.rangeClosed(1, size)
                            .mapToObj(cluster::node)
                            .toArray(ServerProcess[]::new);
            load.start();
            load.awaitProgress(all);
            RingAdmin admin = RingAdmin.of(cluster.node(1));
            String lost = admin.id(node);
            long refused = load.refused();
            load.isInTrouble(victim);
            victim.kill();
            cluster.loseDisk(size);
            admin.command("mark-lost", RingAdmin.members(lost));
            admin.awaitConverged();
            load.awaitRefused(refused + 1);
            victim.startAgain();
            load.awaitWell(victim);
            String fresh = admin.member(node, "JOINING").path("id").asText();
            assertThat(fresh).isNotEqualTo(lost);
            load.awaitProgress(all);

            admin.command("replace", replacement(lost, fresh));
            admin.awaitConverged();
            load.awaitProgress(all);
            load.stop();
            JsonNode replacing = admin.member(node, "ACTIVE");
            assertThat(replacing.path("id").asText()).isEqualTo(fresh);
            assertHoldsItsShare(replacing, size);
            load.assertNothingWrong(victim);
            ClusterEnd.repairAndCompare(cluster);
        }
    }

    /** Three of as many hold all; of four, each holds about three quarters of the partitions. */
    private static void assertHoldsItsShare(JsonNode member, int ofMembers) {
        int all = ServerProcess.PARTITIONS;
        int least = ofMembers == 3 ? all : all * 59 / 100;
        int most = ofMembers == 3 ? all : all * 9 / 10;
        assertThat(member.path("partitions").asInt())
                .as("partitions with a replica there, of %d", all)
                .isBetween(least, most);
    }
}
