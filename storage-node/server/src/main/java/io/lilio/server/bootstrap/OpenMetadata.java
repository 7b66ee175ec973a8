package io.lilio.server.bootstrap;

import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.etcd.EtcdMetadataStore;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.metadata.rocksdb.RocksMetadataSettings;
import io.lilio.metadata.rocksdb.RocksMetadataStore;
import io.lilio.rocks.RocksMemory;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Metadata;
import io.lilio.server.metrics.NodeMetrics;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * The metadata store that the configuration names, with its metrics.
 *
 * @param store to be closed by whoever opened it
 * @param etcd how etcd fares; empty when the store is another
 */
record OpenMetadata(MetadataStore store, Supplier<Optional<EtcdMetadataStore.Status>> etcd) {

    /** Opens it. */
    static OpenMetadata open(
            NodeSettings settings,
            NodeMetrics metrics,
            RocksMemory rocks,
            SystemTime time,
            ThreadFactory threads) {
        return switch (settings.storage().metadata()) {
            case Metadata.InMemory() ->
                    new OpenMetadata(new MemoryMetadataStore(time), Optional::empty);
            case Metadata.Embedded(Path directory) -> rocks(directory, metrics, rocks, time);
            case Metadata.Shared(EtcdSettings shared) -> etcd(shared, metrics, time, threads);
        };
    }

    private static OpenMetadata rocks(
            Path directory, NodeMetrics metrics, RocksMemory rocks, SystemTime time) {
        RocksMetadataStore store =
                new RocksMetadataStore(RocksMetadataSettings.of(directory), rocks, time);
        metrics.gauge(
                "lilio.metadata.commits",
                "Transactions committed since the start",
                () -> store.stats().committed());
        metrics.gauge(
                "lilio.metadata.syncs",
                "Syncs of the metadata's log since the start",
                () -> store.stats().syncs());
        metrics.gauge(
                "lilio.metadata.waiting",
                "Transactions waiting for the committer",
                () -> store.stats().waiting());
        return new OpenMetadata(store, Optional::empty);
    }

    private static OpenMetadata etcd(
            EtcdSettings settings, NodeMetrics metrics, SystemTime time, ThreadFactory threads) {
        EtcdMetadataStore store = new EtcdMetadataStore(settings, time, threads);
        metrics.gauge(
                "lilio.metadata.away",
                "1 while etcd does not answer",
                () -> store.status().awaySince().isPresent() ? 1 : 0);
        metrics.gauge(
                "lilio.metadata.used.bytes",
                "Bytes of etcd that are in use",
                () -> store.status().usedBytes());
        metrics.gauge(
                "lilio.metadata.quota.bytes",
                "Bytes that etcd takes at most; new data are refused from 80 % on",
                () -> store.status().quotaBytes());
        return new OpenMetadata(store, () -> Optional.of(store.status()));
    }
}
