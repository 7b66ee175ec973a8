package io.lilio.server.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStore;
import io.lilio.engine.Backend;
import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import io.lilio.replication.MemberStore;
import io.lilio.replication.Members;
import io.lilio.replication.ReplicationListener;
import io.lilio.replication.ReplicationSettings;
import io.lilio.time.SystemTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackendCallsTest {

    private static final ChunkId CHUNK = new ChunkId(new BlobId(1, 1), 0, 0);

    private final SystemTime time = new SystemTime();
    private final Members members =
            new Members(settings(), time, Thread.ofVirtual().factory(), ReplicationListener.NONE);
    private final BackendCalls calls = new BackendCalls(members);
    private final CountDownLatch answer = new CountDownLatch(1);

    @AfterEach
    void stop() {
        answer.countDown();
        time.close();
    }

    @Test
    void aCallThatHangsIsToldUntilItEnds() throws InterruptedException {
        Backend backend = backend(this::hang);
        assertThat(calls.trouble(backend)).isEmpty();
        assertThatThrownBy(() -> client(backend).stat(CHUNK)).isInstanceOf(BackendException.class);
        assertThat(calls.trouble(backend)).contains("calls that hang: 1");
        answer.countDown();
        while (calls.trouble(backend).isPresent()) {
            Thread.sleep(1);
        }
    }

    @Test
    void callsThatKeepFailingAreTold() {
        Backend backend = backend(BackendCallsTest::fail);
        for (int i = 0; i < settings().breaker().failures(); i++) {
            assertThat(calls.trouble(backend)).isEmpty();
            assertThatThrownBy(() -> client(backend).delete(List.of(CHUNK)))
                    .isInstanceOf(BackendException.class);
        }
        assertThat(calls.trouble(backend)).contains("writes fail");
        for (int i = 0; i < settings().breaker().failures(); i++) {
            assertThatThrownBy(() -> client(backend).stat(CHUNK))
                    .isInstanceOf(BackendException.class);
        }
        assertThat(calls.trouble(backend)).contains("reads and writes fail");
    }

    private Object hang() {
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private static Object fail() {
        throw new BackendException(Reason.IO, "broken", null);
    }

    /** Every call to it ends, or not, in the same way. */
    private Backend backend(Answer way) {
        ChunkStore store =
                (ChunkStore)
                        Proxy.newProxyInstance(
                                ChunkStore.class.getClassLoader(),
                                new Class<?>[] {ChunkStore.class},
                                (_, _, _) -> way.answer());
        MemberId id = new MemberId(new UUID(0, 1));
        members.add(new MemberStore(id, "disk", "node", true, store));
        return Backend.of(id, "disk", store);
    }

    private MemberClient client(Backend backend) {
        return members.find(backend.id()).orElseThrow();
    }

    private static ReplicationSettings settings() {
        ReplicationSettings defaults = ReplicationSettings.defaults();
        return new ReplicationSettings(
                defaults.putDeadline(),
                defaults.readDeadline(),
                Duration.ofMillis(500),
                defaults.maxInFlight(),
                new ReplicationSettings.Breaker(5, Duration.ofHours(1), Duration.ofHours(1)),
                defaults.hedge(),
                defaults.confirmations(),
                defaults.repair());
    }

    /** What a call does. */
    private interface Answer {
        Object answer();
    }
}
