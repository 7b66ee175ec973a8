package io.lilio.server.s3.http;

/**
 * One S3 request. Immutable, except that its body is consumed by reading it.
 *
 * @param head everything that came before the body
 * @param body the payload; after authentication, the decoded and verified payload
 * @param caller who asks; {@link Caller#ANONYMOUS} before authentication
 */
public record S3Request(RequestHead head, RequestBody body, Caller caller) {

    /** The value of x-amz-request-id: unique, and in every log line of this request. */
    public String id() {
        return head.id();
    }

    /** The HTTP method in upper case. */
    public String method() {
        return head.target().method();
    }

    /** The bucket's name as it was addressed, by path or by host; empty for the service itself. */
    public String bucket() {
        return head.target().bucket();
    }

    /** The object's key, percent-decoded once and otherwise untouched; empty for the bucket. */
    public String key() {
        return head.target().key();
    }

    public QueryParameters query() {
        return head.target().query();
    }

    public RequestHeaders headers() {
        return head.headers();
    }

    /** The same request once its caller is known and its body is decoded and guarded. */
    public S3Request authenticated(Caller knownCaller, RequestBody decodedBody) {
        return new S3Request(head, decodedBody, knownCaller);
    }
}
