package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeftOutNamespacesTest {

    private final AtomicInteger exits = new AtomicInteger();

    @Test
    void theProcessEndsOnceANamespaceThatWasLeftOutMayBeRead() {
        try (LeftOutNamespaces namespaces = new LeftOutNamespaces(exits::incrementAndGet)) {
            namespaces.look(Set.of("gone", "lab"), _ -> false);
            assertThat(exits).hasValue(0);
            namespaces.look(Set.of("gone", "lab"), "lab"::equals);
            assertThat(exits).hasValue(1);
        }
    }

    @Test
    void whereNoneWasLeftOutNothingIsLookedAt() {
        try (LeftOutNamespaces namespaces = new LeftOutNamespaces(exits::incrementAndGet)) {
            namespaces.look(Set.of(), _ -> true);
            assertThat(exits).hasValue(0);
        }
    }
}
