package io.lilio.server.s3.signature;

import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.QueryParameters;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.RequestHead;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.RequestTarget;
import io.lilio.server.s3.http.S3Request;
import io.lilio.time.Time;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Requests as AWS's documentation signs them. */
final class Requests {

    static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    static final Instant DOCUMENTED = Instant.parse("2013-05-24T00:00:00Z");
    static final Caller CALLER = new Caller(KEY_ID, Caller.Role.ADMIN, Set.of());

    private Requests() {}

    static Authenticator authenticatorAt(Instant now) {
        return new Authenticator(
                id ->
                        id.equals(KEY_ID)
                                ? Optional.of(new Credential(SECRET, CALLER))
                                : Optional.empty(),
                "us-east-1",
                new FixedTime(now));
    }

    static S3Request request(String method, String uri, RequestBody body, String... headers) {
        int question = uri.indexOf('?');
        String path = question < 0 ? uri : uri.substring(0, question);
        List<Parameter> parameters = new ArrayList<>();
        if (question >= 0) {
            for (String pair : uri.substring(question + 1).split("&")) {
                int equals = pair.indexOf('=');
                parameters.add(
                        new Parameter(
                                decode(equals < 0 ? pair : pair.substring(0, equals)),
                                equals < 0 ? "" : decode(pair.substring(equals + 1))));
            }
        }
        QueryParameters query =
                new QueryParameters(question < 0 ? "" : uri.substring(question + 1), parameters);
        return new S3Request(
                new RequestHead(
                        "id",
                        new RequestHead.Peer("127.0.0.1", false),
                        new RequestTarget(
                                method, path, "examplebucket", decode(path.substring(1)), query),
                        RequestHeaders.of(headers)),
                body,
                Caller.ANONYMOUS);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static RequestBody body(byte[] bytes) {
        return new FixedBody(bytes, bytes.length, new SplittableRandom(7));
    }

    static byte[] readAll(RequestBody body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(5_000);
        while (body.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toByteArray();
    }

    private record FixedTime(Instant now) implements Time {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }
}
