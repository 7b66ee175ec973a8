package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemorySharesTest {

    /** What the server counts besides heap and direct memory: RocksDB and the rest. */
    private static final long FIXED = 224;

    @ParameterizedTest
    @CsvSource({
        "768Mi, 192, 96, 352",
        "1Gi, 192, 128, 608",
        "2Gi, 384, 512, 992",
        "4Gi, 768, 1024, 1504",
        "8589934592, 1536, 2048, 2528",
        "1Ti, 196608, 65536, 66016"
    })
    void aLimitIsSharedOut(String limit, long heap, long buffers, long direct) {
        MemoryShares shares = MemoryShares.of(limited(limit));
        assertThat(shares).isEqualTo(new MemoryShares(heap, buffers, direct));
        assertThat(shares.heap() + shares.direct() + FIXED)
                .isLessThanOrEqualTo(
                        Quantity.getAmountInBytes(new Quantity(limit)).longValue() >> 20);
    }

    @Test
    void withoutALimitItIsWhatTheServerTakesByItself() {
        assertThat(MemoryShares.of(new ResourceRequirements()))
                .isEqualTo(new MemoryShares(192, 96, 576));
    }

    @Test
    void aLimitThatIsTooSmallIsLeftToTheServerToRefuse() {
        assertThat(MemoryShares.of(limited("128Mi"))).isEqualTo(new MemoryShares(192, 96, 1));
    }

    private static ResourceRequirements limited(String memory) {
        return new ResourceRequirementsBuilder()
                .addToLimits("memory", new Quantity(memory))
                .build();
    }
}
