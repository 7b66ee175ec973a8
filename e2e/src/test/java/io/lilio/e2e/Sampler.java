package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Looks at something again and again beside a test, and remembers what should never have been seen.
 * A look that fails counts as none.
 */
final class Sampler implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicLong looks = new AtomicLong();
    private final Thread thread;
    private volatile String lastFailure = "";

    private Sampler(Supplier<String> look) {
        thread = Thread.ofPlatform().daemon().start(() -> run(look));
    }

    /**
     * Begins to look.
     *
     * @param look answers what is wrong, or nothing
     */
    static Sampler start(Supplier<String> look) {
        return new Sampler(look);
    }

    private void run(Supplier<String> look) {
        while (!stopping.get()) {
            try {
                String wrong = look.get();
                looks.incrementAndGet();
                if (!wrong.isEmpty() && violations.size() < 20) {
                    violations.add(wrong);
                }
            } catch (RuntimeException | AssertionError e) {
                lastFailure = e.toString();
            }
            Await.pause(PAUSE);
        }
    }

    /** Fails the test when something was seen that should not have been, or nothing at all was. */
    void assertNeverWrong() {
        close();
        assertThat(looks.get()).as("looks that saw something; %s", lastFailure).isPositive();
        assertThat(violations).isEmpty();
    }

    @Override
    public void close() {
        stopping.set(true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
