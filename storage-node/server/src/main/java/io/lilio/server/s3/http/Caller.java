package io.lilio.server.s3.http;

import java.util.Set;

/**
 * Who sent a request.
 *
 * @param accessKeyId the access key that signed it; empty for the anonymous caller
 * @param role what it may do
 * @param buckets the buckets it is bound to; empty for all of them
 */
public record Caller(String accessKeyId, Role role, Set<String> buckets) {

    /** What an access key may do. */
    public enum Role {
        /** Nothing (a caller without a valid signature). */
        NONE,
        READ_ONLY,
        READ_WRITE,
        /** Also buckets and their configuration. */
        ADMIN
    }

    /** Nobody we know: the caller before authentication. */
    public static final Caller ANONYMOUS = new Caller("", Role.NONE, Set.of());

    public Caller {
        buckets = Set.copyOf(buckets);
    }

    /** Whether objects of this bucket may be read and listed. */
    public boolean mayRead(String bucket) {
        return role != Role.NONE && boundTo(bucket);
    }

    /** Whether objects of this bucket may be written and deleted. */
    public boolean mayWrite(String bucket) {
        return (role == Role.READ_WRITE || role == Role.ADMIN) && boundTo(bucket);
    }

    /** Whether this bucket may be created, configured and deleted. */
    public boolean mayAdminister(String bucket) {
        return role == Role.ADMIN && boundTo(bucket);
    }

    private boolean boundTo(String bucket) {
        return buckets.isEmpty() || buckets.contains(bucket);
    }
}
