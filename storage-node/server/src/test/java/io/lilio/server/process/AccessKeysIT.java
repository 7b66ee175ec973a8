package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Access keys made through the admin API, used on the S3 port of a real process. */
class AccessKeysIT {

    @TempDir static Path directory;
    private static ServerProcess server;
    private static Curl admin;
    private static S3Client root;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory.resolve("data"), Map.of());
        admin = Curl.ofRoot(server);
        root = Clients.withoutRetries(server.endpoint());
        for (String bucket : new String[] {"inside", "outside"}) {
            root.createBucket(b -> b.bucket(bucket));
            root.putObject(b -> b.bucket(bucket).key("k"), RequestBody.fromString(bucket));
        }
    }

    @AfterAll
    static void stop() {
        root.close();
        server.close();
    }

    private record Key(String id, String secret) {

        S3Client client() {
            return Clients.withoutRetries(
                    server.endpoint(),
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)));
        }
    }

    private static Key make(String json) throws Exception {
        Curl.Answer made = admin.post("/v1/keys", json).is(200);
        return new Key(made.at("/key/id"), made.at("/secret"));
    }

    private static void refused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> {
                            assertThat(e.statusCode()).isEqualTo(403);
                            if (e.awsErrorDetails().errorCode() != null) {
                                assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
                            }
                        });
    }

    private static void denied(ThrowingCallable call) {
        refused("AccessDenied", call);
    }

    private static String read(S3Client s3, String bucket) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key("k")).asUtf8String();
    }

    @Test
    void aReadOnlyKeyReadsAndListsAndChangesNothing() throws Exception {
        try (S3Client s3 = make("{\"role\":\"read-only\"}").client()) {
            assertThat(read(s3, "inside")).isEqualTo("inside");
            assertThat(s3.listObjectsV2(b -> b.bucket("outside")).keyCount()).isEqualTo(1);
            assertThat(s3.headObject(b -> b.bucket("inside").key("k")).contentLength())
                    .isEqualTo(6);
            assertThat(s3.listBuckets().buckets()).hasSize(2);
            denied(() -> s3.putObject(b -> b.bucket("inside").key("x"), RequestBody.empty()));
            denied(() -> s3.deleteObject(b -> b.bucket("inside").key("k")));
            denied(
                    () ->
                            s3.deleteObjects(
                                    b ->
                                            b.bucket("inside")
                                                    .delete(
                                                            d ->
                                                                    d.objects(
                                                                            ObjectIdentifier
                                                                                    .builder()
                                                                                    .key("k")
                                                                                    .build()))));
            denied(() -> s3.createMultipartUpload(b -> b.bucket("inside").key("x")));
            denied(() -> copy(s3, "inside", "inside"));
            denied(() -> s3.createBucket(b -> b.bucket("new-bucket")));
            denied(() -> s3.deleteBucket(b -> b.bucket("inside")));
            denied(
                    () ->
                            s3.putBucketVersioning(
                                    b ->
                                            b.bucket("inside")
                                                    .versioningConfiguration(
                                                            v ->
                                                                    v.status(
                                                                            BucketVersioningStatus
                                                                                    .ENABLED))));
        }
        assertThat(read(root, "inside")).isEqualTo("inside");
    }

    private static void copy(S3Client s3, String from, String to) {
        s3.copyObject(
                b ->
                        b.sourceBucket(from)
                                .sourceKey("k")
                                .destinationBucket(to)
                                .destinationKey("copied"));
    }

    @Test
    void aReadWriteKeyWritesAndDeletesButMakesNoBuckets() throws Exception {
        try (S3Client s3 = make("{\"role\":\"read-write\"}").client()) {
            s3.putObject(b -> b.bucket("inside").key("w"), RequestBody.fromString("written"));
            copy(s3, "outside", "inside");
            s3.deleteObject(b -> b.bucket("inside").key("w"));
            s3.deleteObject(b -> b.bucket("inside").key("copied"));
            String upload = s3.createMultipartUpload(b -> b.bucket("inside").key("m")).uploadId();
            s3.abortMultipartUpload(b -> b.bucket("inside").key("m").uploadId(upload));
            denied(() -> s3.createBucket(b -> b.bucket("new-bucket")));
            denied(() -> s3.deleteBucket(b -> b.bucket("inside")));
        }
    }

    @Test
    void aKeyBoundToABucketSeesAndTouchesNoOther() throws Exception {
        try (S3Client s3 = make("{\"role\":\"read-write\",\"buckets\":[\"inside\"]}").client()) {
            assertThat(s3.listBuckets().buckets())
                    .extracting(Bucket::name)
                    .containsExactly("inside");
            assertThat(read(s3, "inside")).isEqualTo("inside");
            s3.putObject(b -> b.bucket("inside").key("s"), RequestBody.fromString("scoped"));
            s3.deleteObject(b -> b.bucket("inside").key("s"));
            denied(() -> read(s3, "outside"));
            denied(() -> s3.listObjectsV2(b -> b.bucket("outside")));
            denied(() -> s3.putObject(b -> b.bucket("outside").key("s"), RequestBody.empty()));
            denied(() -> s3.headBucket(b -> b.bucket("outside")));
            denied(() -> s3.headBucket(b -> b.bucket("no-such-bucket")));
            denied(() -> copy(s3, "outside", "inside"));
            denied(() -> copy(s3, "inside", "outside"));
            String upload = s3.createMultipartUpload(b -> b.bucket("inside").key("m")).uploadId();
            denied(
                    () ->
                            s3.uploadPartCopy(
                                    b ->
                                            b.sourceBucket("outside")
                                                    .sourceKey("k")
                                                    .destinationBucket("inside")
                                                    .destinationKey("m")
                                                    .uploadId(upload)
                                                    .partNumber(1)));
            s3.abortMultipartUpload(b -> b.bucket("inside").key("m").uploadId(upload));
        }
        assertThat(read(root, "outside")).isEqualTo("outside");
    }

    @Test
    void anAdminBoundToABucketMakesThatOneAlone() throws Exception {
        try (S3Client s3 = make("{\"role\":\"admin\",\"buckets\":[\"my-own\"]}").client()) {
            s3.createBucket(b -> b.bucket("my-own"));
            s3.deleteBucket(b -> b.bucket("my-own"));
            denied(() -> s3.createBucket(b -> b.bucket("other-one")));
            denied(() -> s3.deleteBucket(b -> b.bucket("inside")));
        }
    }

    @Test
    void whatIsChangedAboutAKeyHoldsFromTheNextRequestOn() throws Exception {
        Key key = make("{\"role\":\"read-only\"}");
        try (S3Client s3 = key.client()) {
            assertThat(read(s3, "inside")).isEqualTo("inside");
            admin.post("/v1/keys/" + key.id() + "/disable", "{}").is(200);
            refused("InvalidAccessKeyId", () -> read(s3, "inside"));
            admin.post("/v1/keys/" + key.id() + "/enable", "{}").is(200);
            assertThat(read(s3, "inside")).isEqualTo("inside");
            admin.delete("/v1/keys/" + key.id()).is(204);
            refused("InvalidAccessKeyId", () -> read(s3, "inside"));
            admin.get("/v1/keys/" + key.id()).refused(404, "NotFound");
            admin.delete("/v1/keys/" + key.id()).refused(404, "NotFound");
        }
    }

    @Test
    void aRotatedKeyTakesItsOldSecretForAsLongAsItWasSaid() throws Exception {
        Key old = make("{\"role\":\"read-only\"}");
        Curl.Answer rotated =
                admin.post("/v1/keys/" + old.id() + "/rotate", "{\"keepPreviousSeconds\":3600}")
                        .is(200);
        assertThat(rotated.at("/key/previousSecretUntil")).isNotBlank();
        Key renewed = new Key(old.id(), rotated.at("/secret"));
        assertThat(renewed.secret()).isNotEqualTo(old.secret());
        try (S3Client before = old.client();
                S3Client after = renewed.client()) {
            assertThat(read(before, "inside")).isEqualTo("inside");
            assertThat(read(after, "inside")).isEqualTo("inside");
            String third =
                    admin.send("/v1/keys/" + old.id() + "/rotate", "-X", "POST")
                            .is(200)
                            .at("/secret");
            refused("SignatureDoesNotMatch", () -> read(before, "inside"));
            refused("SignatureDoesNotMatch", () -> read(after, "inside"));
            try (S3Client now = new Key(old.id(), third).client()) {
                assertThat(read(now, "inside")).isEqualTo("inside");
            }
        }
        admin.post("/v1/keys/" + old.id() + "/rotate", "{\"keepPreviousSeconds\":-1}")
                .refused(400, "InvalidField");
    }

    @Test
    void keysAreListedPageByPageWithoutSecretsAndRootIsNotAmongThem() throws Exception {
        Key key = make("{\"role\":\"read-only\",\"description\":\"listed\"}");
        make("{\"role\":\"read-only\"}");
        String all = "";
        String next = "";
        do {
            Curl.Answer page = admin.get("/v1/keys?after=" + next + "&limit=1").is(200);
            all += page.text();
            next = page.body().path("next").asText();
        } while (!next.isEmpty());
        assertThat(all)
                .contains(key.id(), "listed")
                .doesNotContain(key.secret())
                .doesNotContain(ServerProcess.ACCESS_KEY);
        admin.post("/v1/keys/" + ServerProcess.ACCESS_KEY + "/disable", "{}")
                .refused(409, "Conflict");
    }
}
