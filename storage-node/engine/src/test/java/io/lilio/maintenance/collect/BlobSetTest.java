package io.lilio.maintenance.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.chunk.BlobId;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobSetTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itHoldsWhatAnOrdinarySetHolds(long seed) {
        Random random = new Random(seed);
        Set<BlobId> expected = new HashSet<>();
        var set = new BlobSet();
        for (int i = 0; i < 200_000; i++) {
            // Few different ids, zero among them, so that they meet again and crowd together.
            var blob = new BlobId(random.nextInt(200), random.nextInt(60));
            switch (random.nextInt(3)) {
                case 0 -> assertThat(set.remove(blob)).isEqualTo(expected.remove(blob));
                case 1 -> assertThat(set.contains(blob)).isEqualTo(expected.contains(blob));
                default -> assertThat(set.add(blob)).isEqualTo(expected.add(blob));
            }
            assertThat(set.size()).isEqualTo(expected.size());
        }
        assertThat(expected).allMatch(set::contains);
    }
}
