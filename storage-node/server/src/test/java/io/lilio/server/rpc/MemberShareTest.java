package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MemberShareTest {

    private static final int M = 1 << 20;

    private final MemberShare share =
            new MemberShare(new RpcServerSettings.Limits(10, 10, 10, 64 * M), 1);

    @Test
    @Timeout(20)
    void smallPayloadsDoNotOvertakeALargeOneThatWaits() throws Exception {
        assertThat(share.take(32 * M, Duration.ZERO)).isTrue();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> large =
                    threads.submit(() -> share.take(64 * M, Duration.ofSeconds(20)));
            while (share.take(M, Duration.ZERO)) { // until it stands in line
                share.giveBack(M);
                Thread.sleep(5);
            }
            assertThat(share.take(0, Duration.ZERO)).as("what takes nothing").isTrue();
            share.giveBack(32 * M);
            assertThat(large.get()).isTrue();
        }
        assertThat(share.take(M, Duration.ZERO)).as("all is taken").isFalse();
        share.giveBack(64 * M);
        assertThat(share.take(M, Duration.ZERO)).isTrue();
    }
}
