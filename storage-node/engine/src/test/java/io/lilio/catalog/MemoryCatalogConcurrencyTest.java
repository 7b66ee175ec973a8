package io.lilio.catalog;

import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.time.SystemTime;

class MemoryCatalogConcurrencyTest extends CatalogConcurrencyContract {

    @Override
    MetadataStore open() {
        return new MemoryMetadataStore(new SystemTime());
    }
}
