package io.lilio.operator.bucket;

import io.lilio.operator.kube.Kubernetes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Breaks off, or interrupts, what is done after a certain number of writes to Kubernetes and Lilio
 * together.
 */
final class Crashes {

    private static final Set<String> WRITES =
            Set.of("apply", "create", "delete", "writeStatus", "writeConditions", "writeMetadata");

    private int left;
    private Runnable then = () -> {};
    private int writes;
    private boolean hit;

    /**
     * @param write 1 for the next one, which happens
     * @param failure what is thrown then, once
     */
    void after(int write, Supplier<? extends RuntimeException> failure) {
        meanwhile(
                write,
                () -> {
                    throw failure.get();
                });
    }

    /**
     * Has something else happen before whoever writes hears of it.
     *
     * @param write 1 for the next one
     */
    void meanwhile(int write, Runnable what) {
        this.left = write;
        this.then = what;
        this.hit = false;
    }

    /** No more. */
    void stop() {
        left = 0;
    }

    /** Whether the last one that was asked for happened. */
    boolean hit() {
        return hit;
    }

    /** How many there were since the beginning. */
    int writes() {
        return writes;
    }

    void written() {
        writes++;
        if (left > 0 && --left == 0) {
            hit = true;
            then.run();
        }
    }

    /** A Kubernetes whose writes count. */
    Kubernetes over(Kubernetes kubernetes) {
        return (Kubernetes)
                Proxy.newProxyInstance(
                        Kubernetes.class.getClassLoader(),
                        new Class<?>[] {Kubernetes.class},
                        (proxy, method, arguments) -> {
                            Object answer;
                            try {
                                answer = method.invoke(kubernetes, arguments);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause();
                            }
                            if (WRITES.contains(method.getName())) {
                                written();
                            }
                            return answer;
                        });
    }
}
