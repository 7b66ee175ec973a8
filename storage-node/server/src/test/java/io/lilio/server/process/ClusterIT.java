package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Three storage nodes and an etcd, all real processes. What faults do to them: {@link
 * ShortFaultsIT}.
 */
@Timeout(400)
@TestMethodOrder(OrderAnnotation.class)
class ClusterIT {

    private static final RecordedLoad.Shape SHARED =
            new RecordedLoad.Shape(9, 4, true, 300_000, true);

    @TempDir static Path directory;

    private static ClusterProcesses cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = ClusterProcesses.start(directory, 3);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    @Order(1)
    void clientsOfDifferentNodesSeeOneStore() throws Exception {
        try (RecordedLoad shared = new RecordedLoad(cluster.endpoints(), "shared", SHARED, 7)) {
            shared.createBucket();
            shared.start();
            for (URI node : cluster.endpoints()) {
                while (shared.operations(node) < 60) {
                    Thread.sleep(20);
                }
            }
            shared.stop();
            shared.readEverything(cluster.node(2).endpoint());
            assertThat(shared.surprises()).isEmpty();
            shared.assertLinearizable();
        }
    }

    @Test
    @Order(2)
    void whileEtcdIsAwayRequestsAreRefusedAtOnceAndNobodyIsRestarted() throws Exception {
        try (S3Client s3 = Clients.withoutRetries(cluster.node(1).endpoint())) {
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
    @Order(3)
    void whoDoesNotBelongDoesNotStart() throws Exception {
        ServerProcess.startInVain(
                        directory.resolve("stranger"),
                        cluster.settings(4, Map.of("LILIO_RPC_SECRET", "not that of this cluster")))
                .saying("The cluster secret is not that of this cluster");
        ServerProcess.startInVain(directory.resolve("double"), cluster.settings(2, Map.of()))
                .saying("The directory of backend disk1", "is empty although", "mark member");
        cluster.node(3).terminate();
        Path moved = directory.resolve("moved");
        Files.move(cluster.data(3), moved);
        ServerProcess.startInVain(moved, cluster.settings(4, Map.of()))
                .saying("belongs to node node-3, but this is node node-4");
        assertThat(Set.of(1, 2)).allSatisfy(i -> assertThat(cluster.node(i).isReady()).isTrue());
    }
}
