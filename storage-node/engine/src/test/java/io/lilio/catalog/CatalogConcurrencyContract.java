package io.lilio.catalog;

import static io.lilio.catalog.CatalogFixture.ASSEMBLY;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.LossyMetadataStore.Loss;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.content.PartRun;
import io.lilio.catalog.listing.ObjectPage;
import io.lilio.catalog.listing.ObjectQuery;
import io.lilio.catalog.listing.VersionPage;
import io.lilio.catalog.listing.VersionQuery;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.usage.Usage;
import io.lilio.chunk.BlobId;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Txn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many threads of two nodes on few keys; nothing is swept, so every owned blob has to be found. */
abstract class CatalogConcurrencyContract {

    private static final int THREADS = 16;

    private CatalogFixture fixture;
    private CatalogFixture other;
    private final Map<BlobId, String> outcomes = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Upload> uploads = new ConcurrentLinkedQueue<>();

    /** An empty store. */
    abstract MetadataStore open();

    /** What each thread does. */
    int steps() {
        return 150;
    }

    @BeforeEach
    void join() {
        fixture = CatalogFixture.create(open());
        other = fixture.join("n2");
    }

    @AfterEach
    void close() {
        other.close();
        fixture.close();
        fixture.store.close();
    }

    @ParameterizedTest
    @CsvSource({"OFF,false", "OFF,true", "ENABLED,false", "ENABLED,true", "SUSPENDED,true"})
    void everyBlobHasExactlyOneOwnerAndNoneThatWasRefusedHasOne(
            Versioning versioning, boolean losses) throws Exception {
        fixture.put("k0", CatalogFixture.inline("null version"));
        if (versioning != Versioning.OFF) {
            fixture.versioning(Versioning.ENABLED);
            fixture.put("k1", CatalogFixture.inline("a version"));
            fixture.versioning(versioning);
        }
        if (losses) {
            fixture.store.lose(CatalogConcurrencyContract::sometimes);
            other.store.lose(CatalogConcurrencyContract::sometimes);
        }
        runThreads();
        fixture.store.lose(txn -> Loss.NONE);
        other.store.lose(txn -> Loss.NONE);
        assertThat(outcomes.values()).contains("Committed");
        if (losses) {
            assertThat(fixture.store.losses()).as("losses that hit").isPositive();
        }
        assertNothingArrivesLate();
        assertOneOwnerEach();
        assertListingsAgree();
        assertCompletedUploadsAreWhole();
        if (!losses) {
            assertUsageIsRight();
        }
    }

    /** One request in 20 of those that change objects or uploads. */
    private static Loss sometimes(Txn txn) {
        boolean ours =
                txn.writes().stream().anyMatch(write -> "hup".indexOf(write.key().at(0)) >= 0);
        int dice = ours ? ThreadLocalRandom.current().nextInt(60) : 60;
        return switch (dice) {
            case 0 -> Loss.REQUEST;
            case 1 -> Loss.LATE;
            case 2 -> Loss.ANSWER;
            default -> Loss.NONE;
        };
    }

    private void runThreads() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                CatalogFixture node = thread % 2 == 0 ? fixture : other;
                Random random = new Random(thread);
                running.add(
                        threads.submit(
                                () -> {
                                    for (int step = 0; step < steps(); step++) {
                                        step(node, random);
                                    }
                                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void step(CatalogFixture node, Random random) {
        String key = "k" + random.nextInt(3);
        try {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> put(node, key, conditions(node, key, random));
                case 3 -> node.delete(key);
                case 4 -> deleteSomeVersion(node, key, random);
                case 5 -> uploads.add(node.beginUpload(key));
                case 6, 7 -> somePart(node, random);
                case 8 -> completeSome(node, random);
                default -> abortSome(node, random);
            }
        } catch (ObjectStoreException e) {
            boolean expected =
                    switch (e.kind()) {
                        case UNKNOWN_OUTCOME, NO_SUCH_UPLOAD, INVALID_PART, CONFLICT, SLOW_DOWN ->
                                true;
                        default -> false;
                    };
            if (!expected) {
                throw e;
            }
        }
    }

    private void put(CatalogFixture node, String key, Conditions conditions) {
        BlobRef blob = node.blob(1 + outcomes.size() % 100);
        note(blob, node.tryPut(key, node.ofBlob(blob), conditions));
    }

    private static Conditions conditions(CatalogFixture node, String key, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new Conditions(List.of(), List.of("*"), Optional.empty(), Optional.empty());
            case 1 ->
                    node.etag(key)
                            .map(
                                    etag ->
                                            new Conditions(
                                                    List.of(etag),
                                                    List.of(),
                                                    Optional.empty(),
                                                    Optional.empty()))
                            .orElse(Conditions.none());
            default -> Conditions.none();
        };
    }

    private void note(BlobRef blob, CommitOutcome<?> outcome) {
        outcomes.put(blob.id(), outcome.getClass().getSimpleName());
    }

    private void deleteSomeVersion(CatalogFixture node, String key, Random random) {
        List<VersionPage.Entry> versions = versions(node, key);
        if (!versions.isEmpty()) {
            node.delete(key, versions.get(random.nextInt(versions.size())).version().id());
        }
    }

    private static List<VersionPage.Entry> versions(CatalogFixture node, String key) {
        return node.catalog
                .listings()
                .versions(CatalogFixture.BUCKET, new VersionQuery(key, "", "", null, 1000))
                .page()
                .versions();
    }

    private Optional<Upload> some(Random random) {
        List<Upload> all = List.copyOf(uploads);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private void somePart(CatalogFixture node, Random random) {
        some(random)
                .ifPresent(
                        upload -> {
                            BlobRef blob = node.blob(1 + random.nextInt(3));
                            note(blob, node.tryPutPart(upload, 1 + random.nextInt(3), blob));
                        });
    }

    private void completeSome(CatalogFixture node, Random random) {
        some(random)
                .ifPresent(
                        upload -> {
                            List<Part> parts =
                                    node.catalog
                                            .uploads()
                                            .list(
                                                    CatalogFixture.BUCKET,
                                                    upload.key(),
                                                    upload.id(),
                                                    0,
                                                    10)
                                            .parts();
                            node.tryComplete(
                                    upload,
                                    Conditions.none(),
                                    ASSEMBLY,
                                    parts.stream()
                                            .filter(part -> random.nextInt(4) > 0)
                                            .toArray(Part[]::new));
                        });
    }

    private void abortSome(CatalogFixture node, Random random) {
        if (random.nextInt(3) == 0) {
            some(random).ifPresent(node::abort);
        }
    }

    private void assertNothingArrivesLate() {
        assertThat(fixture.store.deliverLate())
                .as("the fence has moved since")
                .allMatch(CommitResult.Refused.class::isInstance);
        assertThat(other.store.deliverLate()).allMatch(CommitResult.Refused.class::isInstance);
    }

    private void assertOneOwnerEach() {
        List<BlobId> owned = fixture.owned().stream().map(it -> it.blob().id()).toList();
        assertThat(owned).as("one owner record").doesNotHaveDuplicates();
        Set<BlobId> found = Set.copyOf(owned);
        outcomes.forEach(
                (blob, outcome) -> {
                    switch (outcome) {
                        case "Committed" -> assertThat(found).as("a committed blob").contains(blob);
                        case "Refused" ->
                                assertThat(found).as("a refused blob").doesNotContain(blob);
                        default -> assertThat(outcome).isEqualTo("Unknown");
                    }
                });
    }

    private void assertListingsAgree() {
        List<ObjectPage.Entry> listed =
                fixture.catalog
                        .listings()
                        .objects(CatalogFixture.BUCKET, new ObjectQuery("", "", "", 1000))
                        .page()
                        .objects();
        for (int i = 0; i < 3; i++) {
            String key = "k" + i;
            Optional<ObjectVersion> current =
                    fixture.find(key).filter(version -> !version.deleteMarker());
            assertThat(listed.stream().filter(entry -> entry.key().equals(key)).findFirst())
                    .map(ObjectPage.Entry::version)
                    .isEqualTo(current.map(ObjectVersion::summary));
            List<VersionPage.Entry> versions = versions(fixture, key);
            assertThat(versions.stream().map(entry -> entry.version().seq()).toList())
                    .isSortedAccordingTo((one, two) -> Long.compare(two, one));
            assertThat(versions.stream().filter(VersionPage.Entry::latest).count())
                    .isEqualTo(versions.isEmpty() ? 0 : 1);
            assertThat(versions.stream().filter(entry -> entry.version().nullVersion()).count())
                    .isLessThanOrEqualTo(1);
            versions.forEach(
                    entry -> assertThat(fixture.find(key, entry.version().id())).isPresent());
        }
    }

    private void assertCompletedUploadsAreWhole() {
        for (int i = 0; i < 3; i++) {
            String key = "k" + i;
            for (VersionPage.Entry entry : versions(fixture, key)) {
                ObjectVersion version = fixture.find(key, entry.version().id()).orElseThrow();
                if (version.content().orElse(null) instanceof Content.Multipart multipart) {
                    for (PartRun run : multipart.runs()) {
                        fixture.catalog
                                .uploads()
                                .parts(multipart.upload(), run.firstPart(), run.count())
                                .forEach(part -> assertThat(part.size()).isEqualTo(run.partSize()));
                    }
                }
            }
        }
    }

    private void assertUsageIsRight() {
        Usage walked = Usage.none();
        OwnerWalk.Cursor cursor = null;
        do {
            OwnerWalk.Page page = fixture.catalog.ownerWalk().next(cursor, 100);
            walked = walked.plus(page.usage().getOrDefault(fixture.bucket().id(), Usage.none()));
            cursor = page.next().orElse(null);
        } while (cursor != null);
        other.catalog.usage().flush();
        assertThat(fixture.catalog.usage().of(fixture.bucket().id())).isEqualTo(walked);
    }
}
