package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.process.RecordedLoad.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Many clients on the same few keys of the real server: strongly consistent, or a test fails here.
 */
class SharedKeysIT {

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

    @Test
    void sixteenClientsOnThreeKeysSeeOneHistory() throws Exception {
        Shape shape = new Shape(16, 3, true, 300_000, true);
        try (RecordedLoad load = new RecordedLoad(server.endpoint(), "shared", shape, 7)) {
            load.createBucket();
            load.start();
            Thread.sleep(8_000);
            load.stop();
            load.readEverything();
            assertThat(load.surprises()).isEmpty();
            load.assertLinearizable();
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
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int writer = i;
                writers.add(
                        Thread.startVirtualThread(
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
                                }));
            }
            long end = System.nanoTime() + 5_000_000_000L;
            while (System.nanoTime() < end) {
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
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(listings).isGreaterThan(3);
            assertThat(present.size()).isGreaterThan(100);
            assertThat(wrong).isEmpty();
        }
    }

    @Test
    void completeRacingPartUploadsAndAbortsLeavesOneOfThePromisedObjectsOrNone() throws Exception {
        Random random = new Random(11);
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("races"));
            int completed = 0;
            int aborted = 0;
            for (int round = 0; round < 20; round++) {
                boolean won =
                        raceOnOneUpload(s3, "upload-" + round, random.nextLong(), round % 2 == 0);
                completed += won ? 1 : 0;
                aborted += won ? 0 : 1;
            }
            assertThat(completed).as("some round must end with an object").isPositive();
            assertThat(completed + aborted).isEqualTo(20);
            assertThat(s3.listMultipartUploads(b -> b.bucket("races")).uploads()).isEmpty();
        }
    }

    /** Whether Complete won. Asserts that what is there afterwards is what the winner promised. */
    private boolean raceOnOneUpload(S3Client s3, String key, long seed, boolean withAbort)
            throws Exception {
        String upload = s3.createMultipartUpload(b -> b.bucket("races").key(key)).uploadId();
        Random random = new Random(seed);
        byte[] part = new byte[100_000];
        random.nextBytes(part);
        String etag =
                s3.uploadPart(
                                b -> b.bucket("races").key(key).uploadId(upload).partNumber(1),
                                RequestBody.fromBytes(part))
                        .eTag();
        AtomicBoolean complete = new AtomicBoolean();
        List<String> surprises = new ArrayList<>();
        List<Thread> racers = new ArrayList<>();
        racers.add(
                Thread.startVirtualThread(
                        () ->
                                complete.set(
                                        attempt(
                                                surprises,
                                                () ->
                                                        s3.completeMultipartUpload(
                                                                b ->
                                                                        b.bucket("races")
                                                                                .key(key)
                                                                                .uploadId(upload)
                                                                                .multipartUpload(
                                                                                        m ->
                                                                                                m
                                                                                                        .parts(
                                                                                                                CompletedPart
                                                                                                                        .builder()
                                                                                                                        .partNumber(
                                                                                                                                1)
                                                                                                                        .eTag(
                                                                                                                                etag)
                                                                                                                        .build())))))));
        for (int i = 0; i < 4; i++) {
            byte[] other = new byte[100_000];
            random.nextBytes(other);
            racers.add(
                    Thread.startVirtualThread(
                            () ->
                                    attempt(
                                            surprises,
                                            () ->
                                                    s3.uploadPart(
                                                            b ->
                                                                    b.bucket("races")
                                                                            .key(key)
                                                                            .uploadId(upload)
                                                                            .partNumber(1),
                                                            RequestBody.fromBytes(other)))));
        }
        if (withAbort) {
            racers.add(
                    Thread.startVirtualThread(
                            () ->
                                    attempt(
                                            surprises,
                                            () ->
                                                    s3.abortMultipartUpload(
                                                            b ->
                                                                    b.bucket("races")
                                                                            .key(key)
                                                                            .uploadId(upload)))));
        }
        for (Thread racer : racers) {
            racer.join();
        }
        assertThat(surprises).isEmpty();
        if (complete.get()) {
            assertThat(s3.getObjectAsBytes(b -> b.bucket("races").key(key)).asByteArray())
                    .isEqualTo(part);
        } else {
            try {
                s3.getObjectAsBytes(b -> b.bucket("races").key(key));
                throw new AssertionError("Complete failed, and the object is there");
            } catch (NoSuchKeyException expected) {
                attempt(
                        surprises,
                        () ->
                                s3.abortMultipartUpload(
                                        b -> b.bucket("races").key(key).uploadId(upload)));
            }
        }
        return complete.get();
    }

    /** True when it was done; false when it lost the race in a way that S3 has a word for. */
    private static boolean attempt(List<String> surprises, Runnable request) {
        try {
            request.run();
            return true;
        } catch (S3Exception e) {
            String code = e.awsErrorDetails().errorCode();
            if (!Set.of(
                            "NoSuchUpload",
                            "InvalidPart",
                            "OperationAborted",
                            "ConditionalRequestConflict")
                    .contains(code)) {
                synchronized (surprises) {
                    surprises.add(code + ": " + e.getMessage());
                }
            }
            return false;
        }
    }
}
