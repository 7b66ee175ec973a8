package io.lilio.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final Progress SEEN = new Progress(1, 5, 200);

    @Test
    void metadataWentBackByFewerBeatsOrASmallerRevisionUnlessMoreWasAcknowledged() {
        assertThat(SEEN.isBehind(SEEN)).isFalse();
        assertThat(new Progress(1, 5, 201).isBehind(SEEN)).isFalse();
        assertThat(new Progress(1, 6, 200).isBehind(SEEN)).isFalse();
        assertThat(new Progress(2, 0, 1).isBehind(SEEN)).isFalse();
        assertThat(new Progress(1, 4, 900).isBehind(SEEN)).as("raised revisions").isTrue();
        assertThat(new Progress(1, 6, 91).isBehind(SEEN)).as("beats of a later time").isTrue();
        assertThat(new Progress(0, 9, 900).isBehind(SEEN)).isTrue();
    }

    @Test
    void aHighWaterMarkKeepsTheFurthestOfEach() {
        var mark = new HighWaterMark();
        mark.raise(SEEN);
        mark.raise(new Progress(1, 6, 91));
        assertThat(mark.get()).isEqualTo(new Progress(1, 6, 200));
        mark.raise(new Progress(0, 9, 900));
        assertThat(mark.get()).isEqualTo(new Progress(1, 6, 200));
        mark.raise(new Progress(2, 0, 10));
        assertThat(mark.get()).isEqualTo(new Progress(2, 0, 10));
    }
}
