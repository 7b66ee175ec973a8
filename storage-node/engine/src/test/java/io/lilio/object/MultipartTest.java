package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.upload.Upload.ChecksumPlan;
import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.engine.TestEngine;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MultipartTest extends ObjectTest {

    private static final int MIN_PART = 5 * 1024 * 1024;
    private static final Attributes TEXT = TestEngine.attributes("text/plain");

    @Override
    TestEngine open() {
        return TestEngine.open(64 << 20, all -> all.withObjects(settings()));
    }

    @Test
    void partsBecomeOneObject() {
        UploadAddress upload = create("key", Optional.empty());
        List<byte[]> parts =
                List.of(bytes(MIN_PART, 1), bytes(MIN_PART + CHUNK / 2, 2), bytes(1_000, 3));
        List<CompletedPart> done = new ArrayList<>();
        done.add(part(upload, 1, parts.get(0)));
        done.add(part(upload, 2, bytes(CHUNK, 9)));
        done.set(1, part(upload, 2, parts.get(1)));
        done.add(part(upload, 5, parts.get(2)));
        part(upload, 6, bytes(CHUNK, 4));
        assertThat(lilio.objects().uploads().list().list(upload, 0, 10).parts())
                .extracting(Part::number)
                .containsExactly(1, 2, 5, 6);
        assertFails(Kind.NO_SUCH_KEY, () -> get("key"));

        PutResult result = complete(upload, done);

        byte[] whole = join(parts);
        assertThat(result.etag()).endsWith("-3");
        ObjectInfo info = head("key");
        assertThat(info.size()).isEqualTo(whole.length);
        assertThat(info.parts()).isEqualTo(3);
        assertThat(info.attributes()).isEqualTo(TEXT);
        assertThat(get("key")).isEqualTo(whole);
        for (int number = 1; number <= 3; number++) {
            assertThat(get(ReadRequest.of(at("key"), new ReadRange.Part(number))))
                    .isEqualTo(parts.get(number - 1));
        }
        assertFails(
                Kind.INVALID_RANGE, () -> get(ReadRequest.of(at("key"), new ReadRange.Part(4))));
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            int first = random.nextInt(whole.length);
            int last = first + random.nextInt(whole.length - first);
            assertThat(
                            get(
                                    ReadRequest.of(
                                            at("key"),
                                            new ReadRange.FromTo(first, OptionalLong.of(last)))))
                    .as("bytes=%d-%d", first, last)
                    .isEqualTo(Arrays.copyOfRange(whole, first, last + 1));
        }
        assertThat(complete(upload, done).etag())
                .as("a repeated completion gets the same answer")
                .isEqualTo(result.etag());
    }

    @Test
    void objectsOfManyPartsAreReadPageByPage() {
        UploadAddress upload = create("key", Optional.empty());
        byte[] piece = bytes(MIN_PART, 1);
        List<CompletedPart> done = new ArrayList<>();
        List<byte[]> parts = new ArrayList<>();
        for (int number = 1; number <= 4; number++) {
            parts.add(number == 4 ? Arrays.copyOf(piece, 77) : piece);
            done.add(part(upload, number * 3, parts.getLast()));
        }
        complete(upload, done);
        assertThat(get("key")).isEqualTo(join(parts));
    }

    @Test
    void aFullObjectChecksumIsThatOfAllBytes() {
        ChecksumPlan plan = new ChecksumPlan(DigestAlgorithm.CRC64NVME, Checksum.Type.FULL_OBJECT);
        UploadAddress upload = create("key", Optional.of(plan));
        List<byte[]> parts = List.of(bytes(MIN_PART, 1), bytes(CHUNK + 1, 2));
        List<CompletedPart> done =
                List.of(part(upload, 1, parts.get(0)), part(upload, 2, parts.get(1)));
        Checksum whole = PutAndGetTest.checksum(DigestAlgorithm.CRC64NVME, join(parts));
        assertThat(complete(upload, done).checksum()).contains(whole);
        assertThat(head("key").checksum()).contains(whole);
    }

    @Test
    void anotherChecksumThanTheUploadsIsRefused() {
        ChecksumPlan plan = new ChecksumPlan(DigestAlgorithm.SHA256, Checksum.Type.COMPOSITE);
        UploadAddress upload = create("key", Optional.of(plan));
        PartRequest request = new PartRequest(upload, 1, Optional.of(DigestAlgorithm.CRC32));
        assertFails(
                Kind.INVALID_REQUEST,
                () ->
                        lilio.objects()
                                .uploads()
                                .part()
                                .upload(request, new ArraySource(new byte[1])));
        assertThat(part(upload, 1, bytes(10, 1)).checksum()).isEmpty();
        assertThat(
                        lilio.objects()
                                .uploads()
                                .list()
                                .list(upload, 0, 1)
                                .parts()
                                .getFirst()
                                .checksum())
                .as("computed although the client did not send it")
                .contains(PutAndGetTest.checksum(DigestAlgorithm.SHA256, bytes(10, 1)));
    }

    @Test
    void checksumTypesThatCannotBeAreRefused() {
        for (ChecksumPlan plan :
                List.of(
                        new ChecksumPlan(DigestAlgorithm.SHA1, Checksum.Type.FULL_OBJECT),
                        new ChecksumPlan(DigestAlgorithm.CRC64NVME, Checksum.Type.COMPOSITE))) {
            assertFails(Kind.INVALID_REQUEST, () -> create("key", Optional.of(plan)));
        }
    }

    @Test
    void aCompletionThatIsRefusedLeavesTheUploadOpen() {
        UploadAddress upload = create("key", Optional.empty());
        CompletedPart one = part(upload, 1, bytes(100, 1));
        CompletedPart two = part(upload, 2, bytes(100, 2));
        assertFails(Kind.PART_TOO_SMALL, () -> complete(upload, List.of(one, two)));
        assertFails(Kind.INVALID_PART_ORDER, () -> complete(upload, List.of(two, one)));
        assertFails(
                Kind.INVALID_PART,
                () -> complete(upload, List.of(new CompletedPart(3, "x", Optional.empty()))));
        assertFails(Kind.INVALID_REQUEST, () -> complete(upload, List.of()));
        complete(upload, List.of(two));
        assertThat(get("key")).isEqualTo(bytes(100, 2));
    }

    @Test
    void anAbortedUploadIsGone() {
        UploadAddress upload = create("key", Optional.empty());
        CompletedPart part = part(upload, 1, bytes(CHUNK, 1));
        lilio.objects().uploads().abort().abort(upload);
        assertFails(Kind.NO_SUCH_UPLOAD, () -> part(upload, 2, bytes(CHUNK, 1)));
        assertFails(Kind.NO_SUCH_UPLOAD, () -> complete(upload, List.of(part)));
        assertFails(Kind.NO_SUCH_UPLOAD, () -> lilio.objects().uploads().abort().abort(upload));
        assertFails(
                Kind.NO_SUCH_UPLOAD, () -> lilio.objects().uploads().list().list(upload, 0, 10));
        UploadAddress nonsense = new UploadAddress(at("key"), "1-1-1-1-1");
        assertFails(
                Kind.NO_SUCH_UPLOAD, () -> lilio.objects().uploads().list().list(nonsense, 0, 10));
    }

    @Test
    void aPartOfAnUploadThatEndsMeanwhileLeavesNothing() {
        UploadAddress upload = create("key", Optional.empty());
        ArraySource source =
                new ArraySource(bytes(4 * CHUNK, 1))
                        .atHalf(() -> lilio.objects().uploads().abort().abort(upload));
        assertFails(
                Kind.NO_SUCH_UPLOAD,
                () ->
                        lilio.objects()
                                .uploads()
                                .part()
                                .upload(new PartRequest(upload, 1, Optional.empty()), source));
        lilio.assertNothingStays();
    }

    @Test
    void partsAreCopiedFromObjects() {
        byte[] source = bytes(MIN_PART + 3 * CHUNK, 7);
        put("source", source);
        UploadAddress upload = create("key", Optional.empty());
        CompletedPart first =
                copied(
                        upload,
                        1,
                        Optional.of(new ReadRange.FromTo(10, OptionalLong.of(MIN_PART + 9))));
        CompletedPart second = copied(upload, 2, Optional.empty());
        complete(upload, List.of(first, second));
        assertThat(get("key"))
                .isEqualTo(join(List.of(Arrays.copyOfRange(source, 10, MIN_PART + 10), source)));
        assertFails(
                Kind.INVALID_ARGUMENT,
                () ->
                        copied(
                                create("other", Optional.empty()),
                                1,
                                Optional.of(
                                        new ReadRange.FromTo(0, OptionalLong.of(source.length)))));
    }

    @Test
    void anEmptyPartIsAnObjectToo() {
        UploadAddress upload = create("key", Optional.empty());
        complete(upload, List.of(part(upload, 1, new byte[0])));
        assertThat(get("key")).isEmpty();
        lilio.assertNothingStays();
    }

    @Test
    void partNumbersHaveBounds() {
        UploadAddress upload = create("key", Optional.empty());
        for (int number : new int[] {0, 10_001}) {
            assertFails(Kind.INVALID_ARGUMENT, () -> part(upload, number, new byte[1]));
        }
        complete(upload, List.of(part(upload, 10_000, bytes(10, 1))));
        assertThat(get("key")).isEqualTo(bytes(10, 1));
    }

    private UploadAddress create(String key, Optional<ChecksumPlan> plan) {
        String id =
                lilio.objects()
                        .uploads()
                        .create()
                        .create(new CreateUploadRequest(at(key), TEXT, "me", plan));
        return new UploadAddress(at(key), id);
    }

    private CompletedPart part(UploadAddress upload, int number, byte[] bytes) {
        PutResult part =
                lilio.objects()
                        .uploads()
                        .part()
                        .upload(
                                new PartRequest(upload, number, Optional.empty()),
                                new ArraySource(bytes));
        return new CompletedPart(number, part.etag(), Optional.empty());
    }

    private CompletedPart copied(
            UploadAddress upload, int number, Optional<ReadRange.FromTo> range) {
        PartCopyRequest request =
                new PartCopyRequest(
                        new PartRequest(upload, number, Optional.empty()),
                        CopySource.of(at("source")),
                        range);
        String etag = lilio.objects().uploads().partCopy().copy(request).copy().etag();
        return new CompletedPart(number, etag, Optional.empty());
    }

    private PutResult complete(UploadAddress upload, List<CompletedPart> parts) {
        return lilio.objects()
                .uploads()
                .complete()
                .complete(
                        new CompleteUploadRequest(
                                upload,
                                parts,
                                Optional.empty(),
                                OptionalLong.empty(),
                                Conditions.none()));
    }

    private static byte[] join(List<byte[]> parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        parts.forEach(joined::writeBytes);
        return joined.toByteArray();
    }
}
