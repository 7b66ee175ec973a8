package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.maintenance.run.TaskKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a job is started with. */
class JobArgumentsTest {

    @Test
    void aRunIsNamedByItsKindAndAnIdOfItsOwn() {
        assertThat(JobArguments.parse("job", "gc", "--operation", "gc-1"))
                .isEqualTo(new JobArguments(TaskKind.GC, "gc-1", 0));
    }

    @Test
    void whatMeansNothingIsRefusedWithTheUsage() {
        for (String[] wrong :
                new String[][] {
                    {"serve"},
                    {"job"},
                    {"job", "trash", "--operation", "a"},
                    {"job", "gc"},
                    {"job", "gc", "--operation", "a/b"},
                    {"job", "gc", "--operation"},
                    {"job", "gc", "--of", "a"},
                    {"job", "gc", "--operation", "a", "--max-bytes-per-second", "fast"},
                    {"job", "gc", "--operation", "a", "--max-bytes-per-second", "65535"},
                }) {
            assertThatThrownBy(() -> JobArguments.parse(wrong))
                    .as(String.join(" ", wrong))
                    .isInstanceOf(JobArguments.WrongException.class)
                    .hasMessageContaining("Usage:");
        }
    }

    /** Else the record of what a node began by itself would pass for the result of the job. */
    @Test
    void theNameOfAKindIsNoId() {
        for (String reserved : List.of("gc", "repair", "scrub", "rebalance", "trash")) {
            assertThatThrownBy(() -> JobArguments.parse("job", "gc", "--operation", reserved))
                    .isInstanceOf(JobArguments.WrongException.class)
                    .hasMessageContaining("no name of a kind");
        }
    }
}
