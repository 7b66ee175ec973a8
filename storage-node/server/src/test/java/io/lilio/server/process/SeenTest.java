package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What a client may be excused for when its node is in trouble, and what nobody is. */
class SeenTest {

    private static final URI NODE = URI.create("http://127.0.0.1:1");

    private final Seen seen = new Seen();

    private static SdkClientException wrongBytes() {
        return failure(
                "Data read has a different checksum than expected. Was 0x1, but expected 0x2");
    }

    private static SdkClientException failure(String why) {
        return SdkClientException.create("Failed to read response.", new IOException(why));
    }

    private boolean failed(SdkClientException e) {
        return seen.failed(NODE, System.nanoTime(), "GET key", e);
    }

    @Test
    void aConnectionThatBreaksIsExcusedWhileTheNodeIsInTrouble() {
        seen.isInTrouble(NODE);
        assertThat(failed(failure("Premature EOF"))).isFalse();
        assertThat(seen.refused()).isEqualTo(1);
        assertThat(seen.surprises()).isEmpty();
    }

    @Test
    void wrongBytesAreASurpriseWhateverHappensToTheNode() {
        seen.isInTrouble(NODE);
        assertThat(failed(wrongBytes())).isFalse();
        seen.serverIsBeingKilled(true);
        assertThat(failed(wrongBytes())).isFalse();
        assertThat(seen.refused() + seen.brokenOff()).isZero();
        assertThat(seen.surprises()).hasSize(2).allMatch(what -> what.startsWith("GET key at "));
    }
}
