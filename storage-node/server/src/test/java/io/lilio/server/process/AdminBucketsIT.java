package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Buckets in the admin API of a real process: what they hold, and to whom they belong. */
class AdminBucketsIT {

    @TempDir static Path directory;
    private static ServerProcess server;
    private static Curl root;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory.resolve("data"), Map.of());
        root = Curl.ofRoot(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aBucketTellsWhatItHolds() throws Exception {
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("usage-1"));
            s3.createBucket(b -> b.bucket("usage-2"));
            put(s3, "cat.jpg", 100_000);
            put(s3, "cat.jpg", 70_000);
            put(s3, "dog.jpg", 500);
            Curl.Answer off = root.get("/v1/buckets/usage-1").is(200);
            assertThat(off.at("/versioning")).isEqualTo("OFF");
            assertThat(off.at("/objects")).isEqualTo("2");
            assertThat(off.at("/bytes")).isEqualTo("70500");
            s3.putBucketVersioning(
                    b -> b.bucket("usage-1").versioningConfiguration(v -> v.status("Enabled")));
            put(s3, "dog.jpg", 1_000);
            s3.deleteObject(b -> b.bucket("usage-1").key("cat.jpg"));
        }
        Curl.Answer kept = root.get("/v1/buckets/usage-1").is(200);
        assertThat(kept.at("/name")).isEqualTo("usage-1");
        assertThat(Instant.parse(kept.at("/created"))).isBeforeOrEqualTo(Instant.now());
        assertThat(kept.at("/versioning")).isEqualTo("ENABLED");
        assertThat(kept.at("/objects")).as("versions, and no marker").isEqualTo("3");
        assertThat(kept.at("/bytes")).isEqualTo("71500");
        Curl.Answer first = root.get("/v1/buckets?after=usage&limit=1").is(200);
        assertThat(first.body().at("/buckets/0")).isEqualTo(kept.body());
        Curl.Answer rest = root.get("/v1/buckets?after=" + first.at("/next")).is(200);
        assertThat(rest.body().has("next")).isFalse();
        assertThat(rest.body().at("/buckets")).hasSize(1);
        assertThat(rest.at("/buckets/0/name")).isEqualTo("usage-2");
        assertThat(rest.at("/buckets/0/objects")).isEqualTo("0");
    }

    @Test
    void aBucketThatIsMadeForAnOwnerIsItsAlone() throws Exception {
        String made = "{\"name\":\"owned\",\"owner\":\"uid-1\",\"versioning\":\"ENABLED\"}";
        Curl.Answer first = root.post("/v1/buckets", made).is(200);
        assertThat(first.at("/owner")).isEqualTo("uid-1");
        assertThat(first.at("/versioning")).isEqualTo("ENABLED");
        assertThat(root.post("/v1/buckets", made).is(200).body()).isEqualTo(first.body());
        root.post("/v1/buckets", "{\"name\":\"owned\",\"owner\":\"uid-2\",\"adopt\":true}")
                .refused(409, "BucketOwnedByAnother");
        root.post(
                        "/v1/buckets/owned/versioning",
                        "{\"owner\":\"uid-2\",\"versioning\":\"SUSPENDED\"}")
                .refused(409, "BucketOwnedByAnother");
        root.delete("/v1/buckets/owned?contents=delete&owner=uid-2")
                .refused(409, "BucketOwnedByAnother");
        root.post("/v1/buckets/owned/release", "{\"owner\":\"uid-2\"}")
                .refused(409, "BucketOwnedByAnother");
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            assertThatThrownBy(() -> s3.deleteBucket(b -> b.bucket("owned")))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refused ->
                                    assertThat(refused.awsErrorDetails().errorCode())
                                            .isEqualTo("AccessDenied"));
            s3.putObject(b -> b.bucket("owned").key("k"), RequestBody.fromBytes(new byte[9]));
            s3.putObject(b -> b.bucket("owned").key("k"), RequestBody.fromBytes(new byte[9]));
            s3.deleteObject(b -> b.bucket("owned").key("k"));
            s3.createMultipartUpload(b -> b.bucket("owned").key("big"));
            root.delete("/v1/buckets/owned?owner=uid-1").refused(409, "BucketNotEmpty");
            Curl.Answer gone = root.delete("/v1/buckets/owned?contents=delete&owner=uid-1").is(200);
            assertThat(gone.at("/gone")).isEqualTo("true");
            assertThat(gone.at("/removed")).isEqualTo("4");
            root.get("/v1/buckets/owned").refused(404, "NoSuchBucket");
        }
    }

    @Test
    void aBucketOfNobodyIsAdoptedAndGivenUpAgain() throws Exception {
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("adopted"));
            String asked = "{\"name\":\"adopted\",\"owner\":\"uid-1\"";
            root.post("/v1/buckets", asked + "}").refused(409, "BucketExists");
            root.delete("/v1/buckets/adopted?owner=uid-1").refused(409, "BucketOwnedByAnother");
            root.post("/v1/buckets", asked + ",\"adopt\":true}").is(200);
            Curl.Answer suspended =
                    root.post(
                                    "/v1/buckets/adopted/versioning",
                                    "{\"owner\":\"uid-1\",\"versioning\":\"SUSPENDED\"}")
                            .is(200);
            assertThat(suspended.at("/versioning")).isEqualTo("SUSPENDED");
            Curl.Answer released =
                    root.post("/v1/buckets/adopted/release", "{\"owner\":\"uid-1\"}").is(200);
            assertThat(released.body().has("owner")).isFalse();
            s3.deleteBucket(b -> b.bucket("adopted"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"owner\":\"x\"}|name",
                "{\"name\":\"N O\",\"owner\":\"x\"}|name",
                "{\"name\":\"some-bucket\"}|owner",
                "{\"name\":\"some-bucket\",\"owner\":\"\"}|owner",
                "{\"name\":\"some-bucket\",\"owner\":\"a\\nb\"}|owner",
                "{\"name\":\"some-bucket\",\"owner\":\"x\",\"versioning\":\"on\"}|versioning",
                "{\"name\":\"some-bucket\",\"owner\":\"x\",\"adopt\":\"yes\"}|adopt",
            })
    void aBucketThatCannotBeMadeIsRefusedNamingTheField(String json, String field)
            throws Exception {
        Curl.Answer answer = root.post("/v1/buckets", json).refused(400, "InvalidField");
        assertThat(answer.at("/field")).isEqualTo(field);
        root.get("/v1/buckets/some-bucket").refused(404, "NoSuchBucket");
    }

    private static void put(S3Client s3, String key, int bytes) {
        s3.putObject(b -> b.bucket("usage-1").key(key), RequestBody.fromBytes(new byte[bytes]));
    }
}
