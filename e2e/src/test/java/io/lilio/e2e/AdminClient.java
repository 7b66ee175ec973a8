package io.lilio.e2e;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/** Reads the admin API of a cluster, with root's key; changes are left to the operator. */
final class AdminClient {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    /** Set by the HTTP client itself. */
    private static final Set<String> ITS_OWN = Set.of("host", "content-length");

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final URI endpoint;
    private final AwsBasicCredentials credentials;

    AdminClient(URI endpoint, AwsBasicCredentials credentials) {
        this.endpoint = endpoint;
        this.credentials = credentials;
    }

    RingStatus ring() {
        return read(get("/v1/ring"), RingStatus.class);
    }

    List<MemberStatus> members() {
        return Arrays.asList(read(get("/v1/members"), MemberStatus[].class));
    }

    /** The runs of a kind that are remembered. */
    List<OperationStatus> operations(String kind) {
        return Arrays.asList(read(get("/v1/operations?kind=" + kind), OperationStatus[].class));
    }

    /** What no class is there for. */
    JsonNode json(String path) {
        return read(get(path), JsonNode.class);
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    private String get(String path) {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.GET)
                        .uri(endpoint.resolve(path))
                        .build();
        SignedRequest signed =
                signer.sign(
                        sign ->
                                sign.identity(credentials)
                                        .request(request)
                                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                                        .putProperty(
                                                AwsV4HttpSigner.SERVICE_SIGNING_NAME, "lilio"));
        HttpRequest.Builder sent =
                HttpRequest.newBuilder(endpoint.resolve(path)).timeout(Duration.ofSeconds(30));
        signed.request()
                .forEachHeader(
                        (name, values) -> {
                            if (!ITS_OWN.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                                values.forEach(value -> sent.header(name, value));
                            }
                        });
        try {
            HttpResponse<String> answer =
                    http.send(sent.GET().build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "%s: %d %s".formatted(path, answer.statusCode(), answer.body()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
