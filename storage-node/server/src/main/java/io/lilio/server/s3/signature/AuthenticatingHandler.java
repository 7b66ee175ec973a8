package io.lilio.server.s3.signature;

import io.lilio.server.s3.http.S3Handler;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;

/** Lets requests through to the next handler once it is known who sent them. */
public final class AuthenticatingHandler implements S3Handler {

    private final Authenticator authenticator;
    private final S3Handler next;

    public AuthenticatingHandler(Authenticator authenticator, S3Handler next) {
        this.authenticator = authenticator;
        this.next = next;
    }

    @Override
    public void handle(S3Request request, S3Response response) {
        next.handle(authenticator.authenticate(request), response);
    }
}
