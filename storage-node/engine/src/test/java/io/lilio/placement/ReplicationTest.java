package io.lilio.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.placement.Replication.Spread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|1|1|the replication factor is 1 to 32, not 0",
                "33|20|20|the replication factor is 1 to 32, not 33",
                "3|0|3|the write quorum is at least 1, not 0",
                "3|3|-1|the read quorum is at least 1, not -1",
                "3|4|2|the write quorum 4 cannot be greater than the replication factor 3",
                "3|2|4|the read quorum 4 cannot be greater than the replication factor 3",
                "3|2|1|write quorum 2 + read quorum 1 has to be greater than the replication factor"
                        + " 3, else a read may miss what was written",
                "3|1|2|write quorum 1 + read quorum 2 has to be greater than the replication factor"
                        + " 3, else a read may miss what was written"
            })
    void numbersThatCannotKeepThePromiseAreRefusedWithASentence(
            int factor, int write, int read, String sentence) {
        assertThatThrownBy(() -> new Replication(factor, write, read, Spread.HOST, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void allOthersAreTaken() {
        for (int factor = 1; factor <= 7; factor++) {
            for (int write = 1; write <= factor; write++) {
                for (int read = factor - write + 1; read <= factor; read++) {
                    var replication = new Replication(factor, write, read, Spread.ZONE, false);
                    assertThat(replication.warning().isPresent())
                            .as("%s", replication)
                            .isEqualTo(write == 1 && factor > 1);
                }
            }
        }
    }
}
