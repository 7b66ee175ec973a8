package io.lilio.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What administrators are told, how often, and that it never gets in the way. */
class RecordedEventsTest {

    private static final EventReporter REPORTER =
            new EventReporter("lilio.io/operator", "lilio-operator-0");

    /** Kubernetes as far as Events go. */
    private static final class Written implements EventWriter {
        final List<Event> events = new ArrayList<>();
        final List<Integer> counts = new ArrayList<>();
        boolean forgotten;
        boolean down;

        @Override
        public void create(Event event) {
            fail();
            events.add(event);
        }

        @Override
        public boolean repeat(Event event, int count, Instant last) {
            fail();
            counts.add(count);
            return !forgotten;
        }

        private void fail() {
            if (down) {
                throw new KubernetesException(503, "away", new IllegalStateException());
            }
        }
    }

    private final Written written = new Written();
    private Instant now = Instant.parse("2026-11-30T10:00:00.5Z");
    private final Events events = events(Runnable::run);

    private Events events(Executor executor) {
        return new RecordedEvents(written, executor, () -> now, REPORTER);
    }

    @Test
    void anEventSaysWhatTheApiServerWantsToKnow() {
        events.warning(about("demo"), "MemberLost", "demo-1 is lost.");
        assertThat(written.events).hasSize(1);
        Event event = written.events.getFirst();
        assertThat(event.getMetadata().getNamespace()).isEqualTo("lab");
        assertThat(event.getMetadata().getName()).startsWith("demo.");
        assertThat(event.getType()).isEqualTo("Warning");
        assertThat(event.getReason()).isEqualTo("MemberLost");
        assertThat(event.getNote()).isEqualTo("demo-1 is lost.");
        assertThat(event.getAction()).isNotBlank();
        assertThat(event.getEventTime().getTime()).isEqualTo("2026-11-30T10:00:00.500000Z");
        assertThat(event.getReportingController()).isEqualTo("lilio.io/operator");
        assertThat(event.getReportingInstance()).isEqualTo("lilio-operator-0");
        assertThat(event.getRegarding().getKind()).isEqualTo("ConfigMap");
        assertThat(event.getRegarding().getUid()).isEqualTo("uid of demo");
    }

    @Test
    void theSameSaidInEveryPassIsWrittenEverMoreSeldom() {
        for (int second = 0; second < 4 * 3_600; second += 10) {
            events.normal(about("demo"), "Waiting", "for a pod");
            now = now.plusSeconds(10);
        }
        assertThat(written.events).hasSize(1);
        // After 10 minutes, 20 more, and 40 more each time.
        assertThat(written.counts).hasSize(2 + (4 * 60 - 30 - 1) / 40);
        assertThat(written.counts.getFirst()).isEqualTo(61);
    }

    @Test
    void whatIsSaidOfOthersOrOtherwiseIsNew() {
        events.normal(about("demo"), "Scaled", "to 4");
        events.normal(about("demo"), "Scaled", "to 5");
        events.normal(about("other"), "Scaled", "to 5");
        events.warning(about("other"), "Scaled", "to 5");
        assertThat(written.events).hasSize(4);
        Set<String> names = new HashSet<>();
        written.events.forEach(each -> names.add(each.getMetadata().getName()));
        assertThat(names).hasSize(4);
    }

    @Test
    void oneResourceDoesNotFloodKubernetes() {
        for (int i = 0; i < 1_000; i++) {
            events.normal(about("demo"), "Noise", "number " + i);
        }
        events.normal(about("other"), "Noise", "heard");
        assertThat(written.events).hasSize(RecordedEvents.BURST + 1);
        now = now.plus(RecordedEvents.REFILL.multipliedBy(2));
        for (int i = 0; i < 10; i++) {
            events.normal(about("demo"), "Later", "number " + i);
        }
        assertThat(written.events).hasSize(RecordedEvents.BURST + 3);
    }

    @Test
    void whatKubernetesHasForgottenIsToldAnew() {
        events.normal(about("demo"), "Waiting", "for a pod");
        written.forgotten = true;
        now = now.plus(RecordedEvents.SHORTEST_QUIET);
        events.normal(about("demo"), "Waiting", "for a pod");
        events.normal(about("demo"), "Waiting", "for a pod");
        assertThat(written.events).hasSize(2);
    }

    @Test
    void aFailureStaysHereAndIsMadeUpFor() {
        written.down = true;
        events.normal(about("demo"), "Waiting", "for a pod");
        assertThat(written.events).isEmpty();
        written.down = false;
        events.normal(about("demo"), "Waiting", "for a pod");
        assertThat(written.events).hasSize(1);
    }

    @Test
    void aFullQueueStaysHereToo() {
        Events full =
                events(
                        task -> {
                            throw new RejectedExecutionException();
                        });
        full.normal(about("demo"), "Waiting", "for a pod");
        assertThat(written.events).isEmpty();
    }

    @Test
    void longNotesAndNamesAreCutAtWholeCharacters() {
        String name = "a".repeat(229) + "-" + "b".repeat(20);
        events.normal(about(name), "Long", "x" + "ä".repeat(2_000));
        Event event = written.events.getFirst();
        assertThat(event.getNote().getBytes(StandardCharsets.UTF_8)).hasSize(1_023);
        assertThat(event.getMetadata().getName())
                .matches("a{229}\\.[0-9a-f]+")
                .hasSizeLessThan(253);
    }

    @Test
    void aResourceWithoutNamespaceIsToldOfInDefault() {
        ConfigMap about = about("demo");
        about.getMetadata().setNamespace(null);
        events.normal(about, "Waiting", "for a pod");
        assertThat(written.events.getFirst().getMetadata().getNamespace()).isEqualTo("default");
    }

    private static ConfigMap about(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("lab")
                .withName(name)
                .withUid("uid of " + name)
                .endMetadata()
                .build();
    }
}
