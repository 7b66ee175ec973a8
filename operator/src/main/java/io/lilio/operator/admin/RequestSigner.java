package io.lilio.operator.admin;

import feign.Request;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.util.List;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs requests with AWS Signature Version 4. The signature covers the body, and the path as S3
 * has it: escaped once. Thread-safe.
 */
final class RequestSigner {

    private static final String SERVICE = "lilio";
    private static final byte[] NOTHING = {};

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsIdentity identity;
    private final String region;
    private final Clock clock;

    RequestSigner(AdminApis.Credentials credentials, Clock clock) {
        this.identity =
                AwsCredentialsIdentity.create(credentials.accessKey(), credentials.secretKey());
        this.region = credentials.region();
        this.clock = clock;
    }

    /** The request to send, which is exactly what is signed. */
    HttpRequest sign(Request request) {
        byte[] body = request.body() == null ? NOTHING : request.body();
        SdkHttpRequest signed =
                signer.sign(
                                signing ->
                                        signing.identity(identity)
                                                .request(plain(request))
                                                .payload(ContentStreamProvider.fromByteArray(body))
                                                .putProperty(
                                                        AwsV4HttpSigner.SERVICE_SIGNING_NAME,
                                                        SERVICE)
                                                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                                                .putProperty(
                                                        AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                                                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                                                .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                        .request();
        HttpRequest.Builder sent =
                HttpRequest.newBuilder(signed.getUri())
                        .method(
                                signed.method().name(),
                                body.length == 0
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        signed.headers()
                .forEach(
                        (name, values) -> {
                            if (!isMadeByTheClient(name)) {
                                values.forEach(value -> sent.header(name, value));
                            }
                        });
        return sent.build();
    }

    private static SdkHttpRequest plain(Request request) {
        SdkHttpRequest.Builder plain =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.fromValue(request.httpMethod().name()))
                        .uri(URI.create(request.url()));
        request.headers()
                .forEach(
                        (name, values) -> {
                            if (!isMadeByTheClient(name)) {
                                plain.putHeader(name, List.copyOf(values));
                            }
                        });
        return plain.build();
    }

    /** The JDK's client makes these itself, and takes them from nobody. */
    private static boolean isMadeByTheClient(String header) {
        return header.equalsIgnoreCase("Host") || header.equalsIgnoreCase("Content-Length");
    }
}
