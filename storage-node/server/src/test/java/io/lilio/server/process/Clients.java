package io.lilio.server.process;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/** AWS SDK clients for a {@link ServerProcess}. */
final class Clients {

    private Clients() {}

    /** Those of the server's administrator. */
    static AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY));
    }

    /** A client that never sends anything twice by itself, so that a history says what happened. */
    static S3Client withoutRetries(URI endpoint) {
        return withoutRetries(endpoint, credentials());
    }

    /** The same with other credentials. */
    static S3Client withoutRetries(URI endpoint, AwsCredentialsProvider credentials) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(credentials)
                .httpClientBuilder(
                        UrlConnectionHttpClient.builder()
                                .connectionTimeout(Duration.ofSeconds(10))
                                .socketTimeout(Duration.ofSeconds(60)))
                .overrideConfiguration(
                        override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }
}
