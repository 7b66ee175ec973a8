package io.lilio.metadata.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CombinedReadsTest {

    private final Queue<List<Bytes>> together = new ConcurrentLinkedQueue<>();
    private final Queue<List<Bytes>> alone = new ConcurrentLinkedQueue<>();
    private final Semaphore mayAnswer = new Semaphore(0);
    private final CompletableFuture<RuntimeException> failure = new CompletableFuture<>();
    private final CombinedReads reads = new CombinedReads(this::answerAll, this::answerOne);
    private final List<FutureTask<ReadResult>> callers = new ArrayList<>();

    private ReadResult answerOne(List<Bytes> keys) {
        alone.add(keys);
        mayAnswer.acquireUninterruptibly();
        return new ReadResult(
                7, keys.stream().map(key -> Optional.of(new KeyValue(key, key, 1, 2))).toList());
    }

    private ReadResult answerAll(List<Bytes> keys) {
        together.add(List.copyOf(keys));
        if (failure.isDone()) {
            throw failure.join();
        }
        return answerOne(keys);
    }

    @AfterEach
    void answerWhoeverStillWaits() {
        mayAnswer.release(1_000);
    }

    /** Two are under way, so many more wait. */
    private void begin(int waiting) throws InterruptedException {
        while (alone.size() < 2) {
            call();
            while (alone.size() < callers.size()) {
                Thread.sleep(1);
            }
        }
        while (reads.waiting() < waiting) {
            int before = reads.waiting();
            call();
            while (reads.waiting() == before) {
                Thread.sleep(1);
            }
        }
    }

    private void call() {
        List<Bytes> keys = keys(callers.size());
        FutureTask<ReadResult> caller = new FutureTask<>(() -> reads.read(keys));
        callers.add(caller);
        Thread.ofVirtual().start(caller);
    }

    private static List<Bytes> keys(int caller) {
        return Stream.of("first ", "second ").map(key -> Bytes.ofUtf8(key + caller)).toList();
    }

    private void assertAllAreAnswered() throws Exception {
        for (int i = 0; i < callers.size(); i++) {
            ReadResult answer = callers.get(i).get();
            assertThat(answer.revision()).isEqualTo(7);
            assertThat(answer.values())
                    .extracting(value -> value.orElseThrow().key())
                    .containsExactlyElementsOf(keys(i));
        }
    }

    @Test
    void whoeverWaitsIsAskedForInOneQuestion() throws Exception {
        begin(10);
        alone.clear();
        mayAnswer.release(1);
        while (together.isEmpty()) {
            Thread.sleep(1);
        }
        assertThat(together.peek()).hasSize(20).containsAll(keys(2)).containsAll(keys(11));
        mayAnswer.release(1_000);
        assertAllAreAnswered();
        assertThat(together).hasSize(1);
    }

    @Test
    void aQuestionThatIsUnderWayIsNeverJoined() throws Exception {
        begin(1);
        assertThat(alone).containsExactly(keys(0), keys(1));
        assertThat(callers).noneMatch(FutureTask::isDone);
    }

    @Test
    void noQuestionHasMoreKeysThanEtcdTakes() throws Exception {
        begin(100);
        mayAnswer.release(1_000);
        assertAllAreAnswered();
        assertThat(together).hasSizeGreaterThan(1).allMatch(keys -> keys.size() <= 128);
    }

    @Test
    void whatCannotBeHadTogetherIsReadOneByOne() throws Exception {
        begin(5);
        failure.complete(
                new EtcdException(
                        Status.RESOURCE_EXHAUSTED.withDescription("exceeds maximum size"), true));
        alone.clear();
        mayAnswer.release(1_000);
        assertAllAreAnswered();
        assertThat(alone).hasSize(5);
    }

    @Test
    void whenEtcdIsAwayAllAreToldAndNobodyWaitsForEver() throws Exception {
        begin(5);
        failure.complete(new MetadataUnavailableException("etcd is away", null));
        mayAnswer.release(1);
        for (FutureTask<ReadResult> caller : callers.subList(2, 7)) {
            assertThatThrownBy(caller::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("etcd is away")
                    .cause()
                    .isInstanceOf(MetadataUnavailableException.class);
        }
        mayAnswer.release(2);
        assertThat(reads.read(keys(0)).revision()).as("there is room again").isEqualTo(7);
    }
}
