package io.lilio.server.process;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** AWS SDK clients for a {@link ServerProcess}. */
final class Clients {

    /**
     * How long the JDK's client keeps a connection that nobody uses, and more: until then it may
     * send a request to a process on a connection to its predecessor, which was killed.
     */
    static final Duration IDLE_CONNECTIONS = Duration.ofSeconds(6);

    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

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
        return client(endpoint, credentials)
                .httpClientBuilder(
                        UrlConnectionHttpClient.builder()
                                .connectionTimeout(CONNECT_WITHIN)
                                .socketTimeout(ANSWER_WITHIN))
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    /**
     * A client that sends what did not succeed once more, and keeps its connections as the SDK does
     * when nothing else is asked for.
     */
    static S3Client withOneRetry(URI endpoint) {
        RetryStrategy once = DefaultRetryStrategy.standardStrategyBuilder().maxAttempts(2).build();
        return client(endpoint, credentials())
                .httpClientBuilder(
                        ApacheHttpClient.builder()
                                .connectionTimeout(CONNECT_WITHIN)
                                .socketTimeout(ANSWER_WITHIN))
                .overrideConfiguration(o -> o.retryStrategy(once))
                .build();
    }

    private static S3ClientBuilder client(URI endpoint, AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(credentials);
    }
}
