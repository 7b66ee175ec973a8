package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

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

    private static AwsServiceException inTheBody(String code) {
        AwsErrorDetails details = AwsErrorDetails.builder().errorCode(code).build();
        return S3Exception.builder().statusCode(200).awsErrorDetails(details).build();
    }

    private boolean failed(SdkException e) {
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
    void aRefusalMayComeInTheBodyOfAnAnswerThatWasBegunBefore() {
        seen.isInTrouble(NODE);
        assertThat(failed(inTheBody("ServiceUnavailable"))).isFalse();
        assertThat(seen.refused()).isEqualTo(1);
        assertThat(seen.surprises()).isEmpty();
        assertThat(failed(inTheBody("InternalError"))).isFalse();
        assertThat(seen.surprises()).hasSize(1);
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
