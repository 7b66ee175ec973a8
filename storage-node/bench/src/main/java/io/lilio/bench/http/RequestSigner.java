package io.lilio.bench.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Signs requests with SigV4 in the header, ahead of time: a signature is good for 15 minutes. */
public final class RequestSigner {

    private final URI endpoint;
    private final AwsCredentialsIdentity credentials;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    /**
     * @param endpoint for the header Host
     */
    public RequestSigner(URI endpoint, String accessKey, String secretKey) {
        this.endpoint = endpoint;
        this.credentials = AwsCredentialsIdentity.create(accessKey, secretKey);
    }

    /**
     * A signed request.
     *
     * @param path begins with a slash
     * @param query without the question mark; empty for none
     * @param body what is sent; its SHA-256 is signed, and so verified by the server
     */
    public PreparedRequest sign(SdkHttpMethod method, String path, String query, ByteBuffer body) {
        return sign(method, path, query, body, 1);
    }

    /** The same for a request whose body, if it has one, is JSON. */
    public PreparedRequest signJson(SdkHttpMethod method, String path, ByteBuffer body) {
        return sign(method, path, "", body, 1, Map.of("Content-Type", "application/json"));
    }

    /** The same for a body that is sent several times over; its hash is not signed then. */
    PreparedRequest sign(
            SdkHttpMethod method, String path, String query, ByteBuffer body, int repeat) {
        return sign(method, path, query, body, repeat, Map.of());
    }

    private PreparedRequest sign(
            SdkHttpMethod method,
            String path,
            String query,
            ByteBuffer body,
            int repeat,
            Map<String, String> headers) {
        SdkHttpFullRequest.Builder request =
                SdkHttpFullRequest.builder()
                        .method(method)
                        // Not signed, but by "http" the signer would take the hash of one block.
                        .protocol(repeat == 1 ? "http" : "https")
                        .host(endpoint.getHost())
                        .port(endpoint.getPort())
                        .encodedPath(path);
        headers.forEach(request::putHeader);
        if (!query.isEmpty()) {
            for (String parameter : query.split("&")) {
                int equals = parameter.indexOf('=');
                request.appendRawQueryParameter(
                        equals < 0 ? parameter : parameter.substring(0, equals),
                        equals < 0
                                ? ""
                                : URLDecoder.decode(
                                        parameter.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        byte[] bytes = new byte[body.remaining()];
        body.duplicate().get(bytes);
        SdkHttpRequest signed =
                signer.sign(
                                sign ->
                                        sign.identity(credentials)
                                                .request(request.build())
                                                .payload(ContentStreamProvider.fromByteArray(bytes))
                                                .putProperty(
                                                        AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                                                .putProperty(
                                                        AwsV4HttpSigner.REGION_NAME, "us-east-1")
                                                .putProperty(
                                                        AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                                                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                                                .putProperty(
                                                        AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED,
                                                        repeat == 1))
                        .request();
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(path);
        if (!query.isEmpty()) {
            head.append('?').append(query);
        }
        head.append(" HTTP/1.1\r\n");
        signed.forEachHeader(
                (name, values) -> {
                    for (String value : values) {
                        head.append(name).append(": ").append(value).append("\r\n");
                    }
                });
        if (signed.firstMatchingHeader("Host").isEmpty()) {
            head.append("Host: ").append(endpoint.getAuthority()).append("\r\n");
        }
        if (signed.firstMatchingHeader("Content-Length").isEmpty()
                && (method == SdkHttpMethod.PUT || method == SdkHttpMethod.POST)) {
            head.append("Content-Length: ").append((long) bytes.length * repeat).append("\r\n");
        }
        head.append("\r\n");
        return new PreparedRequest(
                direct(head.toString().getBytes(StandardCharsets.ISO_8859_1)),
                direct(bytes),
                repeat);
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
