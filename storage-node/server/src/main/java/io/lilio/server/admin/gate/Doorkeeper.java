package io.lilio.server.admin.gate;

import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.signature.DocumentAuthenticator;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Who checks signatures, once there is somebody who knows access keys. Thread-safe. */
@Singleton
public final class Doorkeeper {

    private volatile @Nullable DocumentAuthenticator authenticator;

    /** Requests are welcome from now on. */
    public void open(DocumentAuthenticator knowing) {
        authenticator = knowing;
    }

    /** No more requests. */
    public void close() {
        authenticator = null;
    }

    /**
     * Lets a request in.
     *
     * @throws AdminException when its signature is not right, or its caller may not
     * @throws RuntimeException when that cannot be told
     */
    Caller admit(S3Request request, byte[] body) {
        DocumentAuthenticator checks = authenticator;
        if (checks == null) {
            throw new AdminException(
                    AdminError.UNAVAILABLE, "This node is starting or ending: try again.");
        }
        if (!request.headers().has("authorization")) {
            throw new AdminException(
                    AdminError.NOT_SIGNED,
                    "The request is not signed: sign it with an administrator's access key, as curl"
                            + " does with --aws-sigv4.");
        }
        Caller caller;
        try {
            caller = checks.authenticate(request, body);
        } catch (S3Exception refused) {
            throw AdminException.of(refused);
        }
        if (!administers(caller) && !isOpenToAll(request)) {
            throw new AdminException(
                    AdminError.NOT_ADMINISTRATOR,
                    "Access key "
                            + caller.accessKeyId()
                            + " is no administrator of the whole cluster: that takes the role admin,"
                            + " bound to no buckets.");
        }
        return caller;
    }

    /** One that is bound to buckets administers those, and nothing else. */
    private static boolean administers(Caller caller) {
        return caller.role() == Caller.Role.ADMIN && caller.buckets().isEmpty();
    }

    /** To all that have a key. */
    private static boolean isOpenToAll(S3Request request) {
        return request.head().target().rawPath().equals("/openapi");
    }
}
