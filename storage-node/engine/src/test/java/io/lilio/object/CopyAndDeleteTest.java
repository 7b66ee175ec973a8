package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.chunk.ChunkId;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.engine.TestEngine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyAndDeleteTest extends ObjectTest {

    private static final Attributes TEXT = TestEngine.attributes("text/plain");

    @ParameterizedTest
    @ValueSource(ints = {0, 100, INLINE + 1, CHUNK, 7 * CHUNK + 5})
    void aCopyHasTheBytesAndAttributesButChunksOfItsOwn(int size) {
        byte[] bytes = bytes(size, 1);
        lilio.objects().put().put(PutRequest.of(at("a"), TEXT), new ArraySource(bytes));
        int chunks = lilio.inventory().size();
        CopyResult result = copy(CopySource.of(at("a")), "b", Optional.empty());
        assertThat(result.copy().etag()).isEqualTo(head("a").etag());
        assertThat(get("b")).isEqualTo(bytes);
        assertThat(head("b").attributes()).isEqualTo(TEXT);
        assertThat(lilio.inventory()).hasSize(2 * chunks);
        lilio.objects().delete().delete(DeleteRequest.of(at("a")));
        assertThat(get("b")).isEqualTo(bytes);
    }

    @Test
    void ontoItselfWithOtherAttributesKeepsTheChunks() {
        byte[] bytes = bytes(3 * CHUNK, 1);
        put("a", bytes);
        CopyResult result = copy(CopySource.of(at("a")), "a", Optional.of(TEXT));
        assertThat(result.copy().etag()).isEqualTo(head("a").etag());
        assertThat(head("a").attributes()).isEqualTo(TEXT);
        assertThat(get("a")).isEqualTo(bytes);
        assertThat(lilio.inventory()).hasSize(3);
    }

    @Test
    void ontoItselfWithoutAChangeIsRefused() {
        put("a", bytes(10, 1));
        assertFails(
                Kind.INVALID_REQUEST, () -> copy(CopySource.of(at("a")), "a", Optional.empty()));
    }

    @Test
    void ontoItselfInABucketWithVersionsMakesAnother() {
        lilio.objects().buckets().setVersioning(BUCKET, Versioning.ENABLED);
        byte[] bytes = bytes(2 * CHUNK, 1);
        String first = put("a", bytes).versionId().orElseThrow();
        CopyResult result = copy(CopySource.of(at("a")), "a", Optional.of(TEXT));
        assertThat(result.sourceVersionId()).contains(first);
        assertThat(result.copy().versionId().orElseThrow()).isNotEqualTo(first);
        assertThat(lilio.inventory()).hasSize(4);
        assertThat(getVersion("a", first)).isEqualTo(bytes);
    }

    @Test
    void aCopyOntoItselfMayChangeTheStorageClassAlone() {
        put("a", bytes(CHUNK + 1, 1));
        ObjectInfo before = head("a");
        Set<ChunkId> chunks = lilio.inventory();
        lilio.objects()
                .copy()
                .copy(
                        new CopyRequest(
                                CopySource.of(at("a")),
                                at("a"),
                                new CopyAttributes.Kept(Optional.of("STANDARD_IA")),
                                Optional.empty(),
                                Conditions.none()));
        assertThat(head("a").attributes().storageClass()).contains("STANDARD_IA");
        assertThat(head("a").attributes().contentType())
                .isEqualTo(before.attributes().contentType());
        assertThat(lilio.inventory()).isEqualTo(chunks);
    }

    @Test
    void aChecksumThatIsAskedForIsComputed() {
        byte[] bytes = bytes(CHUNK + 1, 1);
        put("a", bytes);
        CopyRequest request =
                new CopyRequest(
                        CopySource.of(at("a")),
                        at("b"),
                        CopyAttributes.kept(),
                        Optional.of(DigestAlgorithm.CRC64NVME),
                        Conditions.none());
        assertThat(lilio.objects().copy().copy(request).copy().checksum())
                .contains(PutAndGetTest.checksum(DigestAlgorithm.CRC64NVME, bytes));
    }

    @Test
    void conditionsOnTheSourceFailAlwaysTheSameWay() {
        put("a", bytes(10, 1));
        String etag = head("a").etag();
        Conditions notThisOne =
                new Conditions(List.of(), List.of(etag), Optional.empty(), Optional.empty());
        Conditions another =
                new Conditions(List.of("0"), List.of(), Optional.empty(), Optional.empty());
        for (Conditions conditions : List.of(notThisOne, another)) {
            CopySource source = new CopySource(at("a"), Optional.empty(), conditions);
            assertFails(Kind.PRECONDITION_FAILED, () -> copy(source, "b", Optional.empty()));
        }
        assertFails(Kind.NO_SUCH_KEY, () -> get("b"));
    }

    @Test
    void aReadTellsNotModifiedFromPreconditionFailed() {
        put("a", bytes(10, 1));
        String etag = head("a").etag();
        Conditions changed =
                new Conditions(List.of(), List.of(etag), Optional.empty(), Optional.empty());
        var failure =
                assertFails(
                        Kind.NOT_MODIFIED,
                        () ->
                                get(
                                        new ReadRequest(
                                                at("a"),
                                                Optional.empty(),
                                                changed,
                                                Optional.empty())));
        assertThat(failure.about().orElseThrow().etag()).isEqualTo(etag);
        Conditions another =
                new Conditions(List.of("0"), List.of(), Optional.empty(), Optional.empty());
        assertFails(
                Kind.PRECONDITION_FAILED,
                () -> get(new ReadRequest(at("a"), Optional.empty(), another, Optional.empty())));
    }

    @Test
    void conditionsAreJudgedBeforeARangeThatTheVersionNoLongerHas() {
        put("a", bytes(10, 1));
        Optional<ReadRange> gone = Optional.of(new ReadRange.FromTo(10, OptionalLong.empty()));
        Conditions another =
                new Conditions(List.of("0"), List.of(), Optional.empty(), Optional.empty());
        Conditions unchanged =
                new Conditions(
                        List.of(), List.of(head("a").etag()), Optional.empty(), Optional.empty());
        assertFails(
                Kind.PRECONDITION_FAILED,
                () -> get(new ReadRequest(at("a"), Optional.empty(), another, gone)));
        assertFails(
                Kind.NOT_MODIFIED,
                () -> get(new ReadRequest(at("a"), Optional.empty(), unchanged, gone)));
        assertFails(
                Kind.INVALID_RANGE,
                () -> get(new ReadRequest(at("a"), Optional.empty(), Conditions.none(), gone)));
    }

    @Test
    void aRangeOfAnotherVersionThanTheClientKnowsIsAllOfThisOne() {
        byte[] bytes = bytes(10, 1);
        put("a", bytes);
        ObjectInfo info = head("a");
        Instant written = info.modified().truncatedTo(ChronoUnit.SECONDS);
        byte[] range = Arrays.copyOfRange(bytes, 2, 4);
        assertThat(getIf(new RangeCondition.SameEtag(info.etag()), 2)).isEqualTo(range);
        assertThat(getIf(new RangeCondition.SameTime(written), 2)).isEqualTo(range);
        for (RangeCondition changed :
                List.of(
                        new RangeCondition.SameEtag("0"),
                        new RangeCondition.SameTime(written.minusSeconds(1)),
                        new RangeCondition.SameTime(written.plusSeconds(1)))) {
            assertThat(getIf(changed, 2)).as("%s", changed).isEqualTo(bytes);
            assertThat(getIf(changed, 100)).as("%s", changed).isEqualTo(bytes);
        }
    }

    private byte[] getIf(RangeCondition condition, long first) {
        return get(
                new ReadRequest(
                        at("a"),
                        Optional.empty(),
                        Conditions.none(),
                        Optional.of(new ReadRange.FromTo(first, OptionalLong.of(first + 1))),
                        Optional.of(condition)));
    }

    @Test
    void aConditionalPutThatFailsLeavesNothingAndDoesNotWaitForTheBody() {
        byte[] bytes = bytes(3 * CHUNK, 1);
        Conditions ifAbsent =
                new Conditions(List.of(), List.of("*"), Optional.empty(), Optional.empty());
        PutRequest request = new PutRequest(at("a"), Attributes.none(), ifAbsent, Optional.empty());
        lilio.objects().put().put(request, new ArraySource(bytes));
        ArraySource neverRead = new ArraySource(bytes).breakingAfter(0);
        assertFails(Kind.PRECONDITION_FAILED, () -> lilio.objects().put().put(request, neverRead));
        ArraySource overtaken = new ArraySource(bytes).atHalf(() -> put("b", bytes(CHUNK, 2)));
        PutRequest other = new PutRequest(at("b"), Attributes.none(), ifAbsent, Optional.empty());
        assertFails(Kind.PRECONDITION_FAILED, () -> lilio.objects().put().put(other, overtaken));
        lilio.assertChunksStay(4); // three of a, one of b
    }

    @Test
    void aDeletedObjectIsGoneAndDeletingItAgainIsFine() {
        put("a", bytes(10, 1));
        for (int i = 0; i < 2; i++) {
            DeleteResult result = lilio.objects().delete().delete(DeleteRequest.of(at("a")));
            assertThat(result.deleteMarker()).isFalse();
            assertThat(result.versionId()).isEmpty();
            assertFails(Kind.NO_SUCH_KEY, () -> get("a"));
        }
    }

    @Test
    void withVersioningADeleteHidesAndVersionsStay() {
        lilio.objects().buckets().setVersioning(BUCKET, Versioning.ENABLED);
        byte[] bytes = bytes(CHUNK, 1);
        String version = put("a", bytes).versionId().orElseThrow();
        DeleteResult result = lilio.objects().delete().delete(DeleteRequest.of(at("a")));
        assertThat(result.deleteMarker()).isTrue();
        String marker = result.versionId().orElseThrow();
        var failure = assertFails(Kind.DELETE_MARKER, () -> get("a"));
        assertThat(failure.about().orElseThrow().versionId()).contains(marker);
        assertFails(Kind.VERSION_IS_DELETE_MARKER, () -> getVersion("a", marker));
        assertThat(getVersion("a", version)).isEqualTo(bytes);
        lilio.objects()
                .delete()
                .delete(new DeleteRequest(at("a"), Optional.of(marker), Conditions.none()));
        assertThat(get("a")).isEqualTo(bytes);
        assertFails(Kind.NO_SUCH_VERSION, () -> getVersion("a", marker));
    }

    @Test
    void manyAreDeletedEachByItself() {
        List<DeleteRequest> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            put("key-" + i, bytes(10, i));
            requests.add(DeleteRequest.of(at("key-" + i)));
        }
        Conditions another =
                new Conditions(List.of("0"), List.of(), Optional.empty(), Optional.empty());
        put("kept", bytes(1, 1));
        requests.add(new DeleteRequest(at("kept"), Optional.empty(), another));
        List<DeleteObjects.Outcome> outcomes =
                lilio.objects().deleteMany().delete(BUCKET, requests);
        assertThat(outcomes).extracting(DeleteObjects.Outcome::request).isEqualTo(requests);
        assertThat(outcomes.subList(0, 100))
                .allMatch(outcome -> outcome instanceof DeleteObjects.Deleted);
        assertThat(outcomes.getLast())
                .isInstanceOfSatisfying(
                        DeleteObjects.Failed.class,
                        failed ->
                                assertThat(failed.cause().kind())
                                        .isEqualTo(Kind.PRECONDITION_FAILED));
        assertThat(get("kept")).hasSize(1);
    }

    private byte[] getVersion(String key, String version) {
        return get(
                new ReadRequest(
                        at(key), Optional.of(version), Conditions.none(), Optional.empty()));
    }

    private CopyResult copy(CopySource source, String target, Optional<Attributes> attributes) {
        return lilio.objects()
                .copy()
                .copy(
                        new CopyRequest(
                                source,
                                at(target),
                                attributes
                                        .<CopyAttributes>map(CopyAttributes.Replaced::new)
                                        .orElse(CopyAttributes.kept()),
                                Optional.empty(),
                                Conditions.none()));
    }
}
