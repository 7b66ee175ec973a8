package io.lilio.server.process;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** AWS SDK clients for a {@link ServerProcess}. */
final class Clients {

    /** What a request about a multipart upload is told when another one was faster. */
    private static final Set<String> LOST =
            Set.of("NoSuchUpload", "InvalidPart", "OperationAborted");

    private Clients() {}

    /** Those of the server's administrator. */
    static AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY));
    }

    /** Whether a request about a multipart upload changed nothing, since others were faster. */
    static boolean lostRace(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        if (details == null || details.errorCode() == null) {
            // The JDK's client hides the body of a refusal that comes instead of 100 Continue.
            return e.statusCode() == 404 || e.statusCode() == 409;
        }
        return LOST.contains(details.errorCode());
    }

    /** A client that never sends anything twice by itself, so that a history says what happened. */
    static S3Client withoutRetries(URI endpoint) {
        return withoutRetries(endpoint, credentials());
    }

    /** The same with other credentials. */
    static S3Client withoutRetries(URI endpoint, AwsCredentialsProvider credentials) {
        return client(endpoint, credentials, DefaultRetryStrategy.doNotRetry());
    }

    /** A client that sends what did not succeed once more. */
    static S3Client withOneRetry(URI endpoint) {
        return client(
                endpoint,
                credentials(),
                DefaultRetryStrategy.standardStrategyBuilder().maxAttempts(2).build());
    }

    private static S3Client client(
            URI endpoint, AwsCredentialsProvider credentials, RetryStrategy retries) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(credentials)
                .httpClientBuilder(
                        UrlConnectionHttpClient.builder()
                                .connectionTimeout(Duration.ofSeconds(10))
                                .socketTimeout(Duration.ofSeconds(60)))
                .overrideConfiguration(override -> override.retryStrategy(retries))
                .build();
    }
}
