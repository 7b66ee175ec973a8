package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.process.RecordedLoad.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Many clients on the same few keys of the real server: strongly consistent, or a test fails here.
 */
class SharedKeysIT {

    private static final Set<String> ALL =
            Set.of(
                    "PUT",
                    "PUT If-None-Match",
                    "PUT If-None-Match refused",
                    "PUT If-Match",
                    "PUT If-Match refused",
                    "GET",
                    "DELETE",
                    "LIST",
                    "UploadPart",
                    "UploadPart lost",
                    "Complete",
                    "Complete lost",
                    "Abort",
                    "Abort lost");
    private static final Duration ALL_WITHIN = Duration.ofSeconds(90);

    @TempDir static Path directory;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        assertThat(server.terminate()).isIn(0, 143);
        StoppedStore.assertHoldsExactlyWhatRecordsName(server.data());
        server.close();
    }

    /**
     * PUT, conditional PUT, GET, HEAD, DELETE, LIST, and multipart uploads that others complete,
     * abort and replace the parts of. A listing is a read of every key.
     */
    @Test
    void sixteenClientsOnThreeKeysSeeOneHistory() throws Exception {
        Shape shape = new Shape(16, 3, true, 300_000, true);
        try (RecordedLoad load = new RecordedLoad(server.endpoint(), "shared", shape, 7);
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            load.createBucket();
            load.start();
            long deadline = System.nanoTime() + ALL_WITHIN.toNanos();
            do {
                Thread.sleep(4_000);
            } while (!load.counts().keySet().containsAll(ALL) && System.nanoTime() < deadline);
            load.stop();
            load.readEverything();
            assertThat(load.surprises()).isEmpty();
            assertThat(load.counts())
                    .as("all of it happened")
                    .containsKeys(ALL.toArray(String[]::new));
            load.assertLinearizable();
            assertThat(s3.listMultipartUploads(b -> b.bucket("shared")).uploads()).isEmpty();
        }
    }

    @Test
    void aListingShowsWhatWasAcknowledgedBeforeItBeganAndNothingThatWasDeletedBefore()
            throws Exception {
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("listed"));
            Set<String> present = ConcurrentHashMap.newKeySet();
            Set<String> deleted = ConcurrentHashMap.newKeySet();
            AtomicBoolean stopping = new AtomicBoolean();
            int listings = 0;
            List<String> wrong = new ArrayList<>();
            List<FutureTask<Void>> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int writer = i;
                writers.add(
                        new FutureTask<>(
                                () -> {
                                    for (int n = 0; !stopping.get(); n++) {
                                        String kept = "kept/" + writer + "/" + n;
                                        String passing = "passing/" + writer + "/" + n;
                                        s3.putObject(
                                                b -> b.bucket("listed").key(kept),
                                                RequestBody.fromString(kept));
                                        present.add(kept);
                                        s3.putObject(
                                                b -> b.bucket("listed").key(passing),
                                                RequestBody.fromString("x"));
                                        s3.deleteObject(b -> b.bucket("listed").key(passing));
                                        deleted.add(passing);
                                    }
                                    return null;
                                }));
            }
            writers.forEach(Thread::startVirtualThread);
            while (listings < 20 || present.size() < 300) {
                assertThat(writers).noneMatch(FutureTask::isDone);
                Set<String> mustBe = new HashSet<>(present);
                Set<String> mustNotBe = new HashSet<>(deleted);
                Set<String> listed = new HashSet<>();
                s3.listObjectsV2Paginator(b -> b.bucket("listed").maxKeys(200)).contents().stream()
                        .map(S3Object::key)
                        .forEach(listed::add);
                mustBe.removeAll(listed);
                mustNotBe.retainAll(listed);
                if (!mustBe.isEmpty() || !mustNotBe.isEmpty()) {
                    wrong.add("missing " + mustBe + ", came back " + mustNotBe);
                }
                listings++;
            }
            stopping.set(true);
            for (FutureTask<Void> writer : writers) {
                writer.get();
            }
            assertThat(wrong).isEmpty();
        }
    }

    /** All at the same instant, again and again until each of the two has won. */
    @Test
    void ofCompleteAndAbortAtTheSameInstantOneWinsAndPartsThatRaceDoNotMatter() throws Exception {
        Random random = new Random(11);
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("races"));
            Set<UploadRace.Winner> winners = EnumSet.noneOf(UploadRace.Winner.class);
            int round = 0;
            while (round < 20 || round < 500 && !winners.containsAll(UploadRace.MUST_OCCUR)) {
                UploadRace race = new UploadRace(s3, "races", "upload-" + round, random);
                winners.add(race.run(round % 2 == 0));
                round++;
            }
            assertThat(winners).as("in %d rounds", round).containsAll(UploadRace.MUST_OCCUR);
            assertThat(s3.listMultipartUploads(b -> b.bucket("races")).uploads()).isEmpty();
        }
    }
}
