package io.lilio.operator.runtime;

import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Namespaces that were left out when the operator started, since they may not be read. When one may
 * be, the process ends, and the next one looks after it too. Thread-safe.
 */
final class LeftOutNamespaces implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("io.lilio.operator");
    private static final long PAUSE_SECONDS = 60;

    private final Runnable exit;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("namespaces").factory());

    /**
     * @param exit has the process end, and returns
     */
    LeftOutNamespaces(Runnable exit) {
        this.exit = exit;
    }

    /**
     * Looks at them once a minute from now on.
     *
     * @param leftOut none: nothing is looked at
     * @param readable whether one may be read now
     */
    void watch(Set<String> leftOut, Predicate<String> readable) {
        if (!leftOut.isEmpty()) {
            Set<String> all = Set.copyOf(leftOut);
            var _ =
                    thread.scheduleWithFixedDelay(
                            () -> look(all, readable),
                            PAUSE_SECONDS,
                            PAUSE_SECONDS,
                            TimeUnit.SECONDS);
        }
    }

    /** Looks at all of them now. */
    void look(Set<String> leftOut, Predicate<String> readable) {
        leftOut.stream()
                .filter(readable)
                .findFirst()
                .ifPresent(
                        namespace -> {
                            LOG.info(
                                    "Namespace {} may be read by now: this process ends, and the"
                                            + " next one looks after it too",
                                    namespace);
                            exit.run();
                        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
