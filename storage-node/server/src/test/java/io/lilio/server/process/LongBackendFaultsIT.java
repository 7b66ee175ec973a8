package io.lilio.server.process;

import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** The same with more of everything that happens meanwhile. */
@Tag("faults")
class LongBackendFaultsIT extends BackendFaultsIT {

    @Override
    Duration phase() {
        return Duration.ofSeconds(15);
    }
}
