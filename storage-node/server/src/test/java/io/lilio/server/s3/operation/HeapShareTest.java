package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.ResponseStream;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.Refusals;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeapShareTest {

    private static final int MIB = 1 << 20;

    private final HeapShare heap = new HeapShare(8 * MIB, Duration.ofMillis(10));

    @Test
    void whoFindsTheHeapTakenIsToldToSlowDownUntilItIsFree() {
        S3Response response = new Ignored();
        heap.during(
                6 * MIB,
                response,
                first -> {
                    refused(3 * MIB);
                    heap.during(2 * MIB, response, second -> refused(1));
                });
        heap.during(8 * MIB, response, whole -> refused(1));
    }

    @Test
    void aFinishedAnswerKeepsOnlyWhatItNeeds() {
        S3Response sending =
                new Ignored() {
                    @Override
                    public void end(byte[] payload) {
                        heap.during(4 * MIB, new Ignored(), other -> refused(MIB));
                    }
                };
        heap.during(8 * MIB, sending, answer -> answer.end(new byte[MIB]));
    }

    @Test
    void whatIsMoreThanAllCanBeDoneAlone() {
        heap.during(100 * MIB, new Ignored(), alone -> refused(1));
    }

    @Test
    void whatFailsGivesItsPartBack() {
        Refusals.refuses(
                S3Error.SLOW_DOWN, () -> heap.during(8 * MIB, new Ignored(), first -> refuse()));
        heap.during(8 * MIB, new Ignored(), again -> {});
    }

    private void refuse() {
        heap.during(1, new Ignored(), never -> {});
    }

    private void refused(long bytes) {
        Refusals.refuses(
                S3Error.SLOW_DOWN,
                () ->
                        heap.during(
                                bytes,
                                new Ignored(),
                                never -> assertThat(never).as("must not be reached").isNull()));
    }

    /** An answer that goes nowhere. */
    private static class Ignored implements S3Response {
        @Override
        public void operation(String name) {}

        @Override
        public S3Response status(int status) {
            return this;
        }

        @Override
        public S3Response header(String name, String value) {
            return this;
        }

        @Override
        public void end() {}

        @Override
        public void endHead(long contentLength) {}

        @Override
        public void end(byte[] payload) {}

        @Override
        public ResponseStream begin(long contentLength) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean committed() {
            return false;
        }

        @Override
        public io.lilio.server.s3.error.S3Exception failed(Throwable failure) {
            throw new UnsupportedOperationException();
        }
    }
}
