package io.lilio.server.s3.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Uploads by presigned URLs that carry headers as parameters, as the SDK for JavaScript makes them.
 */
class PresignedUploadTest {

    @Test
    void parametersAreHeadersButForTheChecksumOfAPayloadThatNobodyHadYet() throws Exception {
        try (S3Fixture lilio = new S3Fixture();
                S3Client s3 = lilio.client()) {
            s3.createBucket(b -> b.bucket("signed"));
            URI url =
                    presign(
                            lilio.endpoint(),
                            Map.of(
                                    "x-amz-meta-colour", "blue",
                                    "x-amz-storage-class", "STANDARD_IA",
                                    "x-amz-checksum-crc32", "AAAAAA==",
                                    "x-amz-sdk-checksum-algorithm", "CRC32"));
            assertThat(put(url, "not nothing")).isEqualTo(200);
            HeadObjectResponse head =
                    s3.headObject(
                            o -> o.bucket("signed").key("k").checksumMode(ChecksumMode.ENABLED));
            assertThat(head.contentLength()).isEqualTo(11);
            assertThat(head.metadata()).isEqualTo(Map.of("colour", "blue"));
            assertThat(head.storageClass()).isEqualTo(StorageClass.STANDARD_IA);
            assertThat(head.checksumCRC32()).isNull();

            URI unknown = presign(lilio.endpoint(), Map.of("x-amz-tagging", "a=b"));
            assertThat(put(unknown, "x")).isEqualTo(501);
        }
    }

    private static URI presign(URI endpoint, Map<String, String> parameters) throws Exception {
        AwsRequestOverrideConfiguration.Builder raw = AwsRequestOverrideConfiguration.builder();
        parameters.forEach((name, value) -> raw.putRawQueryParameter(name, List.of(value)));
        try (S3Presigner presigner =
                S3Presigner.builder()
                        .endpointOverride(endpoint)
                        .region(Region.of(S3Fixture.REGION))
                        .serviceConfiguration(
                                S3Configuration.builder().pathStyleAccessEnabled(true).build())
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(
                                                S3Fixture.ROOT_KEY, S3Fixture.ROOT_SECRET)))
                        .build()) {
            return presigner
                    .presignPutObject(
                            p ->
                                    p.signatureDuration(Duration.ofMinutes(5))
                                            .putObjectRequest(
                                                    o ->
                                                            o.bucket("signed")
                                                                    .key("k")
                                                                    .overrideConfiguration(
                                                                            raw.build())))
                    .url()
                    .toURI();
        }
    }

    private static int put(URI url, String body) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestMethod("PUT");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return connection.getResponseCode();
    }
}
