package io.lilio.metadata.session;

import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.time.Time;

class MemorySessionsTest extends SessionsContract {

    @Override
    MetadataStore open(Time time) {
        return new MemoryMetadataStore(time);
    }
}
