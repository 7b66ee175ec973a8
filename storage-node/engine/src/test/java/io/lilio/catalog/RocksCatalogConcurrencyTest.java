package io.lilio.catalog;

import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.rocksdb.RocksMetadataSettings;
import io.lilio.metadata.rocksdb.RocksMetadataStore;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksCatalogConcurrencyTest extends CatalogConcurrencyContract {

    @TempDir Path directory;

    private final RocksMemory memory = new RocksMemory(16 << 20, 4 << 20);

    @Override
    MetadataStore open() {
        RocksMetadataSettings settings =
                new RocksMetadataSettings(directory, Duration.ofSeconds(30), 2, 0);
        return new RocksMetadataStore(settings, memory, new SystemTime());
    }

    @Override
    @AfterEach
    void close() {
        super.close();
        memory.close();
    }
}
