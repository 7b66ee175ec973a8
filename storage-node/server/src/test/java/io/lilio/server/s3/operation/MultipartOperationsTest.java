package io.lilio.server.s3.operation;

import static io.lilio.server.s3.operation.S3Fixture.assertFails;
import static io.lilio.server.s3.operation.S3Fixture.body;
import static io.lilio.server.s3.operation.S3Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.server.s3.error.S3Error;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

class MultipartOperationsTest {

    private static final String BUCKET = "multipart";
    private static final int MIN_PART = 5 * 1024 * 1024;

    private static S3Fixture lilio;
    private static S3Client s3;

    @BeforeAll
    static void start() {
        lilio = new S3Fixture();
        s3 = lilio.client();
        s3.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() {
        s3.close();
        lilio.close();
    }

    private static String create(String key) {
        return s3.createMultipartUpload(c -> c.bucket(BUCKET).key(key)).uploadId();
    }

    private static CompletedPart upload(String key, String id, int number, byte[] bytes) {
        UploadPartResponse stored =
                s3.uploadPart(
                        p -> p.bucket(BUCKET).key(key).uploadId(id).partNumber(number),
                        body(bytes));
        return CompletedPart.builder().partNumber(number).eTag(stored.eTag()).build();
    }

    private static CompleteMultipartUploadResponse complete(
            String key, String id, List<CompletedPart> parts) {
        return s3.completeMultipartUpload(
                c -> c.bucket(BUCKET).key(key).uploadId(id).multipartUpload(m -> m.parts(parts)));
    }

    private static byte[] get(String key) {
        return s3.getObjectAsBytes(o -> o.bucket(BUCKET).key(key)).asByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    @Test
    void partsBecomeOneObjectThatCanBeReadByPart() {
        byte[] first = bytes(MIN_PART + 17);
        byte[] second = bytes(1_234);
        String id =
                s3.createMultipartUpload(
                                c ->
                                        c.bucket(BUCKET)
                                                .key("whole ü/+")
                                                .contentType("x/y")
                                                .metadata(Map.of("a", "b")))
                        .uploadId();
        CompletedPart two = upload("whole ü/+", id, 7, second);
        CompletedPart one = upload("whole ü/+", id, 3, first);
        assertFails(S3Error.NO_SUCH_KEY, () -> get("whole ü/+"));
        CompleteMultipartUploadResponse done = complete("whole ü/+", id, List.of(one, two));
        assertThat(done.eTag()).matches("\"[0-9a-f]{32}-2\"");
        assertThat(done.bucket()).isEqualTo(BUCKET);
        assertThat(done.key()).isEqualTo("whole ü/+");
        assertThat(done.location()).startsWith("http://127.0.0.1:").endsWith("/whole%20%C3%BC/%2B");
        byte[] whole = join(first, second);
        assertThat(get("whole ü/+")).isEqualTo(whole);
        HeadObjectResponse head =
                s3.headObject(o -> o.bucket(BUCKET).key("whole ü/+").partNumber(1));
        assertThat(head.partsCount()).isEqualTo(2);
        assertThat(head.contentLength()).isEqualTo(first.length);
        assertThat(head.contentType()).isEqualTo("x/y");
        assertThat(head.metadata()).isEqualTo(Map.of("a", "b"));
        var part = s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("whole ü/+").partNumber(2));
        assertThat(part.asByteArray()).isEqualTo(second);
        assertThat(part.response().contentRange())
                .isEqualTo("bytes " + first.length + "-" + (whole.length - 1) + "/" + whole.length);
        assertThat(
                        s3.getObjectAsBytes(
                                        o ->
                                                o.bucket(BUCKET)
                                                        .key("whole ü/+")
                                                        .range("bytes=5242890-5242900"))
                                .asByteArray())
                .isEqualTo(Arrays.copyOfRange(whole, 5_242_890, 5_242_901));
        assertFails(
                S3Error.INVALID_PART_NUMBER,
                () -> s3.getObjectAsBytes(o -> o.bucket(BUCKET).key("whole ü/+").partNumber(3)));
        // The answer to the first completion might have been lost.
        assertThat(complete("whole ü/+", id, List.of(one, two)).eTag()).isEqualTo(done.eTag());
        assertFails(S3Error.NO_SUCH_UPLOAD, () -> upload("whole ü/+", id, 1, second));
    }

    @Test
    void aPartUploadedAgainReplacesTheFirst() {
        String id = create("again");
        CompletedPart old = upload("again", id, 1, bytes(10));
        CompletedPart latest = upload("again", id, 1, bytes(11));
        assertFails(S3Error.INVALID_PART, () -> complete("again", id, List.of(old)));
        complete("again", id, List.of(latest));
        assertThat(get("again")).isEqualTo(bytes(11));
    }

    @Test
    void badCompletionsLeaveTheUploadAsItWas() {
        String id = create("bad");
        CompletedPart small = upload("bad", id, 1, bytes(100));
        CompletedPart last = upload("bad", id, 2, bytes(101));
        assertFails(S3Error.ENTITY_TOO_SMALL, () -> complete("bad", id, List.of(small, last)));
        assertFails(S3Error.INVALID_PART_ORDER, () -> complete("bad", id, List.of(last, small)));
        assertFails(
                S3Error.INVALID_PART,
                () ->
                        complete(
                                "bad",
                                id,
                                List.of(CompletedPart.builder().partNumber(3).eTag("x").build())));
        assertFails(S3Error.MALFORMED_XML, () -> complete("bad", id, List.of()));
        assertFails(S3Error.NO_SUCH_UPLOAD, () -> complete("bad", "not-an-id", List.of(small)));
        assertFails(S3Error.NO_SUCH_UPLOAD, () -> complete("other", id, List.of(small)));
        assertFails(S3Error.NO_SUCH_KEY, () -> get("bad"));
        complete("bad", id, List.of(last));
        assertThat(get("bad")).isEqualTo(bytes(101));
    }

    @Test
    void conditionsOfACompletionDecide() {
        s3.putObject(o -> o.bucket(BUCKET).key("there"), body(bytes(5)));
        String id = create("there");
        CompletedPart part = upload("there", id, 1, bytes(6));
        assertFails(
                S3Error.PRECONDITION_FAILED,
                () ->
                        s3.completeMultipartUpload(
                                c ->
                                        c.bucket(BUCKET)
                                                .key("there")
                                                .uploadId(id)
                                                .ifNoneMatch("*")
                                                .multipartUpload(m -> m.parts(part))));
        assertThat(get("there")).hasSize(5);
        complete("there", id, List.of(part));
        assertThat(get("there")).hasSize(6);
    }

    @Test
    void abortedUploadsAreGone() {
        String id = create("aborted");
        upload("aborted", id, 1, bytes(2_000_000));
        s3.abortMultipartUpload(a -> a.bucket(BUCKET).key("aborted").uploadId(id));
        assertFails(S3Error.NO_SUCH_UPLOAD, () -> upload("aborted", id, 2, bytes(5)));
        assertFails(
                S3Error.NO_SUCH_UPLOAD,
                () -> s3.listParts(l -> l.bucket(BUCKET).key("aborted").uploadId(id)));
        assertFails(
                S3Error.NO_SUCH_UPLOAD,
                () -> s3.abortMultipartUpload(a -> a.bucket(BUCKET).key("aborted").uploadId(id)));
    }

    @Test
    void partsAndUploadsAreListedInPages() {
        s3.createBucket(b -> b.bucket("uploads"));
        List<String> ids = new ArrayList<>();
        for (String key : List.of("a", "a", "dir/1", "dir/2")) {
            ids.add(s3.createMultipartUpload(c -> c.bucket("uploads").key(key)).uploadId());
        }
        for (int number : new int[] {1, 2, 9_999}) {
            s3.uploadPart(
                    p -> p.bucket("uploads").key("a").uploadId(ids.getFirst()).partNumber(number),
                    body(bytes(number % 100)));
        }
        ListPartsResponse page =
                s3.listParts(
                        l -> l.bucket("uploads").key("a").uploadId(ids.getFirst()).maxParts(2));
        assertThat(page.parts()).extracting(Part::partNumber).containsExactly(1, 2);
        assertThat(page.parts()).extracting(Part::size).containsExactly(1L, 2L);
        assertThat(page.isTruncated()).isTrue();
        ListPartsResponse rest =
                s3.listParts(
                        l ->
                                l.bucket("uploads")
                                        .key("a")
                                        .uploadId(ids.getFirst())
                                        .partNumberMarker(page.nextPartNumberMarker()));
        assertThat(rest.parts()).extracting(Part::partNumber).containsExactly(9_999);
        assertThat(rest.isTruncated()).isFalse();
        for (int beyond : new int[] {10_000, 32_768, 65_536, Integer.MAX_VALUE}) {
            ListPartsResponse none =
                    s3.listParts(
                            l ->
                                    l.bucket("uploads")
                                            .key("a")
                                            .uploadId(ids.getFirst())
                                            .partNumberMarker(beyond));
            assertThat(none.parts()).as("after %d", beyond).isEmpty();
            assertThat(none.isTruncated()).isFalse();
            assertThat(none.partNumberMarker()).isEqualTo(beyond);
        }

        List<String> seen = new ArrayList<>();
        ListMultipartUploadsResponse uploads =
                s3.listMultipartUploads(l -> l.bucket("uploads").maxUploads(1));
        uploads.uploads().stream().map(MultipartUpload::uploadId).forEach(seen::add);
        while (uploads.isTruncated()) {
            ListMultipartUploadsResponse before = uploads;
            uploads =
                    s3.listMultipartUploads(
                            l ->
                                    l.bucket("uploads")
                                            .maxUploads(1)
                                            .keyMarker(before.nextKeyMarker())
                                            .uploadIdMarker(before.nextUploadIdMarker()));
            uploads.uploads().stream().map(MultipartUpload::uploadId).forEach(seen::add);
        }
        assertThat(seen).isEqualTo(ids);
        ListMultipartUploadsResponse rolled =
                s3.listMultipartUploads(l -> l.bucket("uploads").delimiter("/"));
        assertThat(rolled.uploads()).hasSize(2);
        assertThat(rolled.commonPrefixes().getFirst().prefix()).isEqualTo("dir/");
        assertThat(
                        assertFails(
                                S3Error.BUCKET_NOT_EMPTY,
                                () -> s3.deleteBucket(b -> b.bucket("uploads"))))
                .hasMessageContaining("Multipart uploads are under way");
        for (MultipartUpload upload : s3.listMultipartUploads(l -> l.bucket("uploads")).uploads()) {
            s3.abortMultipartUpload(
                    a -> a.bucket("uploads").key(upload.key()).uploadId(upload.uploadId()));
        }
        s3.deleteBucket(b -> b.bucket("uploads"));
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, COMPOSITE",
        "CRC32, FULL_OBJECT",
        "CRC32C, COMPOSITE",
        "CRC32C, FULL_OBJECT",
        "CRC64NVME, FULL_OBJECT",
        "SHA1, COMPOSITE",
        "SHA256, COMPOSITE"
    })
    void checksumsOfPartsMakeThatOfTheObject(String algorithmName, ChecksumType type) {
        ChecksumAlgorithm algorithm = ChecksumAlgorithm.fromValue(algorithmName);
        String key = algorithmName + type;
        byte[] first = bytes(MIN_PART);
        byte[] second = bytes(77);
        CreateMultipartUploadResponse created =
                s3.createMultipartUpload(
                        c ->
                                c.bucket(BUCKET)
                                        .key(key)
                                        .checksumAlgorithm(algorithm)
                                        .checksumType(type));
        assertThat(created.checksumAlgorithm()).isEqualTo(algorithm);
        assertThat(created.checksumType()).isEqualTo(type);
        List<CompletedPart> parts = new ArrayList<>();
        for (byte[] bytes : List.of(first, second)) {
            int number = parts.size() + 1;
            UploadPartResponse stored =
                    s3.uploadPart(
                            p ->
                                    p.bucket(BUCKET)
                                            .key(key)
                                            .uploadId(created.uploadId())
                                            .partNumber(number)
                                            .checksumAlgorithm(algorithm),
                            body(bytes));
            parts.add(
                    CompletedPart.builder()
                            .partNumber(number)
                            .eTag(stored.eTag())
                            .checksumCRC32(stored.checksumCRC32())
                            .checksumCRC32C(stored.checksumCRC32C())
                            .checksumCRC64NVME(stored.checksumCRC64NVME())
                            .checksumSHA1(stored.checksumSHA1())
                            .checksumSHA256(stored.checksumSHA256())
                            .build());
        }
        CompleteMultipartUploadResponse done = complete(key, created.uploadId(), parts);
        assertThat(done.checksumType()).isEqualTo(type);
        HeadObjectResponse head =
                s3.headObject(o -> o.bucket(BUCKET).key(key).checksumMode(ChecksumMode.ENABLED));
        assertThat(head.checksumType()).isEqualTo(type);
        String value =
                head.sdkHttpResponse()
                        .firstMatchingHeader(
                                "x-amz-checksum-" + algorithmName.toLowerCase(Locale.ROOT))
                        .orElseThrow();
        assertThat(value.endsWith("-2")).isEqualTo(type == ChecksumType.COMPOSITE);
        assertThat(get(key)).isEqualTo(join(first, second));
        if (type == ChecksumType.FULL_OBJECT) {
            assertThat(
                            s3.putObject(
                                            o ->
                                                    o.bucket(BUCKET)
                                                            .key("one piece")
                                                            .checksumAlgorithm(algorithm),
                                            body(join(first, second)))
                                    .sdkHttpResponse()
                                    .firstMatchingHeader(
                                            "x-amz-checksum-"
                                                    + algorithmName.toLowerCase(Locale.ROOT)))
                    .contains(value);
        }
    }

    private static String copyPart(String id, int number, String range) {
        return s3.uploadPartCopy(
                        c ->
                                c.sourceBucket(BUCKET)
                                        .sourceKey("source")
                                        .destinationBucket(BUCKET)
                                        .destinationKey("assembled")
                                        .uploadId(id)
                                        .partNumber(number)
                                        .copySourceRange(range))
                .copyPartResult()
                .eTag();
    }

    @Test
    void partsCanBeCopiedFromObjects() {
        byte[] source = bytes(MIN_PART + 1_000);
        s3.putObject(o -> o.bucket(BUCKET).key("source"), body(source));
        String id = create("assembled");
        List<CompletedPart> parts = new ArrayList<>();
        for (String range : List.of("bytes=0-" + (MIN_PART - 1), "bytes=1000-1999")) {
            int number = parts.size() + 1;
            String etag = copyPart(id, number, range);
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        complete("assembled", id, parts);
        assertThat(get("assembled"))
                .isEqualTo(
                        join(
                                Arrays.copyOf(source, MIN_PART),
                                Arrays.copyOfRange(source, 1000, 2000)));
        String other = create("assembled");
        for (String range : List.of("bytes=0-99999999", "bytes=5-", "x")) {
            assertFails(S3Error.INVALID_ARGUMENT, () -> copyPart(other, 1, range));
        }
        assertThatThrownBy(() -> copyPart(other, 1, "bytes=0-99999999"))
                .hasMessageContaining(
                        "Range specified is not valid for source object of size: " + source.length);
    }

    @Test
    void aDownloadOfAMultipartObjectIsVerifiedByTheClient() {
        String id =
                s3.createMultipartUpload(
                                c ->
                                        c.bucket(BUCKET)
                                                .key("sdk")
                                                .checksumAlgorithm(ChecksumAlgorithm.CRC32))
                        .uploadId();
        UploadPartResponse stored =
                s3.uploadPart(
                        p ->
                                p.bucket(BUCKET)
                                        .key("sdk")
                                        .uploadId(id)
                                        .partNumber(1)
                                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                        body(bytes(1_000)));
        complete(
                "sdk",
                id,
                List.of(
                        CompletedPart.builder()
                                .partNumber(1)
                                .eTag(stored.eTag())
                                .checksumCRC32(stored.checksumCRC32())
                                .build()));
        GetObjectResponse response =
                s3.getObjectAsBytes(
                                o -> o.bucket(BUCKET).key("sdk").checksumMode(ChecksumMode.ENABLED))
                        .response();
        assertThat(response.checksumType()).isEqualTo(ChecksumType.COMPOSITE);
    }
}
