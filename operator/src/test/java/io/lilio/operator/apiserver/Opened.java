package io.lilio.operator.apiserver;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test has opened, also if it never got to its end: closed in reverse. Not thread-safe. */
final class Opened implements AutoCloseable {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() {
        AssertionError failed = null;
        for (AutoCloseable each : opened) {
            try {
                each.close();
            } catch (Exception | AssertionError e) {
                failed = failed == null ? new AssertionError("could not be closed", e) : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
