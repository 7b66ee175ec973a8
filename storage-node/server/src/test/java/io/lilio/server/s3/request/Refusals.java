package io.lilio.server.s3.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call is refused with. */
public final class Refusals {

    private Refusals() {}

    public static void refuses(S3Error error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
