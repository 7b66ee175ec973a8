package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where tests that have to mount may be skipped, and where that would hide something. */
class MountsRequiredTest {

    @Test
    void whatNeedsMountsIsSkippedOnAMachineOfOnesOwnAlone() {
        assertThat(FaultCase.mountsRequired(Map.of())).isFalse();
        assertThat(FaultCase.mountsRequired(Map.of("CI", ""))).isFalse();
        assertThat(FaultCase.mountsRequired(Map.of("CI", "true"))).isTrue();
        assertThat(FaultCase.mountsRequired(Map.of("LILIO_REQUIRE_MOUNTS", "1"))).isTrue();
    }
}
