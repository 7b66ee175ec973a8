package io.lilio.metadata.session;

import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.rocksdb.RocksMetadataSettings;
import io.lilio.metadata.rocksdb.RocksMetadataStore;
import io.lilio.rocks.RocksMemory;
import io.lilio.time.Time;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class RocksSessionsTest extends SessionsContract {

    @TempDir Path directory;

    private final RocksMemory memory = new RocksMemory(16 << 20, 4 << 20);

    @Override
    MetadataStore open(Time time) {
        // The deadline is by the clock that the test moves, a quarter of an hour at most.
        RocksMetadataSettings settings =
                new RocksMetadataSettings(directory, Duration.ofHours(1), 2, 0);
        return new RocksMetadataStore(settings, memory, time);
    }

    @Override
    @AfterEach
    void close() {
        super.close();
        memory.close();
    }
}
