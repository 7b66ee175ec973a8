package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.bootstrap.MemoryCheck.Available;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.NodeSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {

    private static final long M = 1 << 20;

    /** 16 MiB of buffers and 16 of the network, 192 of heap, 16 of RocksDB, 160 of the rest. */
    private static final long NEEDED = 400 * M;

    private static void check(long direct, long total, String... keysAndValues) {
        NodeSettings settings = TestNode.settings(Path.of("/data"), keysAndValues);
        MemoryCheck.check(settings, new Available(direct, 192 * M, total));
    }

    private static void assertRefused(
            String sentence, long direct, long total, String... keysAndValues) {
        assertThatThrownBy(() -> check(direct, total, keysAndValues))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(sentence);
    }

    @Test
    void whatTheMachineHasNotIsRefusedBeforeItIsMissed() {
        check(32 * M, NEEDED);
        assertRefused(
                "The process may take 400 MiB (heap 192, buffers and network 32,"
                        + " lilio.memory.rocksdb 16, the rest 160), but there are only 399 MiB:"
                        + " lower lilio.memory.buffers, lilio.memory.rocksdb or -Xmx.",
                32 * M,
                NEEDED - 1);
    }

    @Test
    void whatTheJvmDoesNotAllowIsRefused() {
        assertRefused(
                "lilio.memory.buffers, the backends in memory and the other nodes need 32 MiB of"
                        + " direct memory, but the JVM allows 31 MiB: lower them or raise"
                        + " -XX:MaxDirectMemorySize.",
                32 * M - 1,
                NEEDED);
    }

    @Test
    void backendsInMemoryCount() {
        String[] inMemory = {
            "metadata.type", "memory",
            "backends[0].name", "ram",
            "backends[0].type", "memory",
            "backends[0].capacity", "64M"
        };
        check(96 * M, NEEDED + 64 * M, inMemory);
        assertRefused(
                "lilio.memory.buffers, the backends in memory and the other nodes need 96 MiB of"
                        + " direct memory, but the JVM allows 95 MiB: lower them or raise"
                        + " -XX:MaxDirectMemorySize.",
                96 * M - 1,
                NEEDED + 64 * M,
                inMemory);
    }

    /** 64 MiB for payloads, 4 of the connections of each of two nodes, 2 of those of strangers. */
    @Test
    void payloadsAndConnectionsOfOtherNodesCount() {
        String[] inCluster = {
            "node-name", "node-1",
            "metadata.type", "etcd",
            "metadata.etcd.endpoints", "etcd-0:2379",
            "cluster.initial-nodes", "node-1,node-2,node-3",
            "rpc.secret", "a secret of the cluster",
            "root.access-key", "root",
            "root.secret-key", "root-secret"
        };
        check(106 * M, NEEDED + 74 * M, inCluster);
        assertRefused(
                "lilio.memory.buffers, the backends in memory and the other nodes need 106 MiB of"
                        + " direct memory, but the JVM allows 105 MiB: lower them or raise"
                        + " -XX:MaxDirectMemorySize.",
                106 * M - 1,
                NEEDED + 74 * M,
                inCluster);
    }
}
