package io.lilio.server.s3.request;

import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.QueryParameters;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.RequestHead;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.RequestTarget;
import io.lilio.server.s3.http.S3Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Requests as the operations get them, without a connection. */
public final class Requests {

    private Requests() {}

    /**
     * A request by an administrator.
     *
     * @param target {@code /bucket/key?query}, decoded already
     * @param headers name, value, name, value
     */
    public static S3Request of(String method, String target, String... headers) {
        return withBody(method, target, new byte[0], Map.of(), headers);
    }

    /** A request with a payload and trailers. */
    public static S3Request withBody(
            String method,
            String target,
            byte[] body,
            Map<String, String> trailers,
            String... headers) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        String relative = path.substring(1);
        int slash = relative.indexOf('/');
        RequestTarget parsed =
                new RequestTarget(
                        method,
                        path,
                        slash < 0 ? relative : relative.substring(0, slash),
                        slash < 0 ? "" : relative.substring(slash + 1),
                        new QueryParameters(query, parameters(query)));
        RequestHead head =
                new RequestHead(
                        "ID",
                        new RequestHead.Peer("127.0.0.1", false),
                        parsed,
                        RequestHeaders.of(headers));
        Caller caller = new Caller("KEY", Caller.Role.ADMIN, Set.of());
        return new S3Request(head, new FixedBody(body, trailers), caller);
    }

    private static List<Parameter> parameters(String query) {
        List<Parameter> parameters = new ArrayList<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.add(
                    equals < 0
                            ? new Parameter(pair, "")
                            : new Parameter(pair.substring(0, equals), pair.substring(equals + 1)));
        }
        return parameters;
    }

    private static final class FixedBody implements RequestBody {

        private final ByteBuffer bytes;
        private final long length;
        private final Map<String, String> trailers;

        FixedBody(byte[] bytes, Map<String, String> trailers) {
            this.bytes = ByteBuffer.wrap(bytes);
            this.length = bytes.length;
            this.trailers = trailers;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public boolean lengthKnown() {
            return true;
        }

        @Override
        public int read(ByteBuffer target) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(target.remaining(), bytes.remaining());
            target.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public Optional<byte[]> sha256() {
            return Optional.empty();
        }

        @Override
        public Map<String, String> trailers() {
            return trailers;
        }
    }
}
