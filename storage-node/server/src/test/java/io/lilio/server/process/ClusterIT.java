package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Three storage nodes and an etcd, all real processes. */
@Timeout(400)
class ClusterIT {

    private static final RecordedLoad.Shape SHARED =
            new RecordedLoad.Shape(9, 4, true, 1_200_000, true);
    private static final RecordedLoad.Shape OWN =
            new RecordedLoad.Shape(6, 8, false, 1_200_000, true);

    @TempDir Path directory;

    @Test
    void clientsOfDifferentNodesSeeOneStoreAlsoWhenANodeIsKilled() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, 3);
                RecordedLoad shared = new RecordedLoad(cluster.endpoints(), "shared", SHARED, 7)) {
            shared.createBucket();
            shared.start();
            Thread.sleep(3_000);
            shared.stop();
            shared.readEverything(cluster.node(2).endpoint());
            assertThat(shared.surprises()).isEmpty();
            shared.assertLinearizable();
            survivesTheDeathOf(3, cluster);
            ClusterEnd.repairAndCompare(cluster);
        }
    }

    private static void survivesTheDeathOf(int number, ClusterProcesses cluster) throws Exception {
        ServerProcess victim = cluster.node(number);
        List<URI> others =
                cluster.endpoints().stream()
                        .filter(each -> !each.equals(victim.endpoint()))
                        .toList();
        try (RecordedLoad there =
                        new RecordedLoad(victim.endpoint(), "there-" + number, OWN, number);
                RecordedLoad elsewhere =
                        new RecordedLoad(others, "elsewhere-" + number, OWN, 10 + number)) {
            there.createBucket();
            elsewhere.createBucket();
            there.start();
            elsewhere.start();
            Thread.sleep(1_500);
            there.stopByKilling(victim);
            long before = elsewhere.operations();
            Thread.sleep(3_000);
            elsewhere.stop();
            assertThat(elsewhere.operations()).as("they went on").isGreaterThan(before);
            assertThat(elsewhere.surprises()).as("clients of other nodes notice nothing").isEmpty();
            elsewhere.readEverything();
            elsewhere.assertLinearizable();
            there.readEverything(others.getFirst());
            assertThat(there.surprises()).isEmpty();
            there.assertLinearizable();
            assertThat(there.brokenOff()).as("the fault hit").isPositive();
            victim.startAgain();
            elsewhere.readEverything(victim.endpoint());
            there.readEverything(victim.endpoint());
            assertThat(elsewhere.surprises()).isEmpty();
            elsewhere.assertLinearizable();
            there.assertLinearizable();
        }
    }

    @Test
    void whileEtcdIsAwayRequestsAreRefusedAtOnceAndNobodyIsRestarted() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, 3);
                S3Client s3 = Clients.withoutRetries(cluster.node(1).endpoint())) {
            s3.createBucket(b -> b.bucket("bucket"));
            s3.putObject(b -> b.bucket("bucket").key("key"), RequestBody.fromString("value"));
            cluster.etcd().kill();
            assertThatThrownBy(() -> read(s3)).isInstanceOf(S3Exception.class);
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> read(s3))
                        .isInstanceOfSatisfying(
                                S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(503));
            }
            assertThat(cluster.node(1).isReady()).as("ready is local").isTrue();
            cluster.etcd().start();
            String found = "";
            while (!found.equals("value")) {
                try {
                    found = read(s3);
                } catch (S3Exception e) {
                    assertThat(e.statusCode()).isEqualTo(503);
                    Thread.sleep(100);
                }
            }
        }
    }

    private static String read(S3Client s3) {
        return s3.getObjectAsBytes(b -> b.bucket("bucket").key("key")).asUtf8String();
    }

    @Test
    void whoDoesNotBelongDoesNotStart() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, 3)) {
            ServerProcess.startInVain(
                            directory.resolve("stranger"),
                            cluster.settings(
                                    4, Map.of("LILIO_RPC_SECRET", "not that of this cluster")))
                    .saying("The cluster secret is not that of this cluster");
            ServerProcess.startInVain(directory.resolve("double"), cluster.settings(2, Map.of()))
                    .saying("The directory of backend disk1", "is empty although", "mark member");
            cluster.node(3).terminate();
            Path moved = directory.resolve("moved");
            Files.move(cluster.data(3), moved);
            ServerProcess.startInVain(moved, cluster.settings(4, Map.of()))
                    .saying("belongs to node node-3, but this is node node-4");
            assertThat(Set.of(1, 2))
                    .allSatisfy(i -> assertThat(cluster.node(i).isReady()).isTrue());
        }
    }
}
