package io.lilio.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out calls of fabric8's client within a time, which its own time-outs do not promise (they
 * end with the headers of an answer), and makes its exceptions ours. Thread-safe.
 */
final class BoundedCalls {

    private final Duration atMost;

    BoundedCalls(Duration atMost) {
        this.atMost = atMost;
    }

    /**
     * What the call returns.
     *
     * @param what is done, for people
     * @throws KubernetesException when the client's exception says so, when there is no answer in
     *     time, or when this thread is interrupted
     */
    <T extends @Nullable Object> T call(String what, Supplier<T> call) {
        FutureTask<T> task = new FutureTask<>(call::get);
        Thread.ofVirtual().name("kubernetes-call").start(task);
        try {
            return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            task.cancel(true);
            throw new KubernetesException(
                    0, what + ": no answer within " + atMost.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new KubernetesException(0, what + ": interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw translated(what, failed);
        }
    }

    private static RuntimeException translated(String what, ExecutionException failed) {
        return switch (failed.getCause()) {
            case KubernetesClientException refused ->
                    new KubernetesException(
                            // -1 where the client has no answer, or cannot read it
                            Math.max(0, refused.getCode()),
                            what + ": " + message(refused),
                            refused);
            case RuntimeException own -> own;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(failed);
        };
    }

    /** The API server's words where there are some. */
    private static @Nullable String message(KubernetesClientException refused) {
        return refused.getStatus() != null && refused.getStatus().getMessage() != null
                ? refused.getStatus().getMessage()
                : refused.getMessage();
    }
}
