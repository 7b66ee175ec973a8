package io.lilio.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamDigestsTest {

    private static final ThreadFactory THREADS = Thread.ofVirtual().factory();
    private static final Set<DigestAlgorithm> ALL = EnumSet.allOf(DigestAlgorithm.class);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void besideTheStreamOrNotTheValuesAreTheSame(boolean beside) {
        byte[] bytes = new byte[2_000_000];
        new Random(5).nextBytes(bytes);
        DigestSet expected = new DigestSet(ALL);
        expected.update(ByteBuffer.wrap(bytes));
        AtomicInteger released = new AtomicInteger();
        try (StreamDigests digests = new StreamDigests(ALL, beside, THREADS)) {
            for (int from = 0; from < bytes.length; from += 500_000) {
                digests.update(ByteBuffer.wrap(bytes, from, 500_000), released::incrementAndGet);
            }
            assertThat(digests.finish()).hasToString(expected.finish().toString());
        }
        assertThat(released).hasValue(4);
    }

    @Test
    void aPieceThatComesTooLateIsReleasedOnce() {
        AtomicInteger released = new AtomicInteger();
        StreamDigests digests = new StreamDigests(ALL, true, THREADS);
        digests.close();
        assertThatThrownBy(() -> digests.update(ByteBuffer.allocate(9), released::incrementAndGet))
                .isInstanceOf(IllegalStateException.class);
        assertThat(released).hasValue(1);
    }
}
