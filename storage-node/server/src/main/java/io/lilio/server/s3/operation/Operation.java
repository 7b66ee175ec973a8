package io.lilio.server.s3.operation;

import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;

/** One S3 operation. Implementations are thread-safe and keep nothing between requests. */
@FunctionalInterface
public interface Operation {

    /**
     * Answers a request whose caller is known and may do this, or throws before it sent a byte; see
     * {@link io.lilio.server.s3.http.S3Handler}.
     */
    void answer(S3Request request, S3Response response);
}
