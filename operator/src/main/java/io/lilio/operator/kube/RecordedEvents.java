package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events in Kubernetes. What is said again within ten minutes is not written; said later, the Event
 * that is there counts it, after ever longer times, and at the latest before Kubernetes forgets it.
 * Of one resource 25 new ones are written at once and one a minute from then on; what is beyond is
 * dropped. Thread-safe.
 */
public final class RecordedEvents implements Events {

    private static final Logger LOG = LoggerFactory.getLogger(RecordedEvents.class);

    /** How long the same is not written again at first, and at most; an Event lives for an hour. */
    static final Duration SHORTEST_QUIET = Duration.ofMinutes(10);

    static final Duration LONGEST_QUIET = Duration.ofMinutes(40);

    /** New Events of one resource at once, and how long one more takes. */
    static final int BURST = 25;

    static final Duration REFILL = Duration.ofMinutes(1);

    /** What is remembered, of the longest unsaid first; some hundred bytes each. */
    private static final int REMEMBERED = 4_096;

    private record Said(String about, String type, String reason, String note) {}

    private static final class Telling {
        final Event event;
        int count = 1;
        Instant written;
        Duration quiet = SHORTEST_QUIET;

        Telling(Event event, Instant written) {
            this.event = event;
            this.written = written;
        }
    }

    private static final class Allowance {
        int left = BURST;
        Instant counted;

        Allowance(Instant counted) {
            this.counted = counted;
        }

        boolean take(Instant now) {
            long more = Math.max(0, Duration.between(counted, now).dividedBy(REFILL));
            left = (int) Math.min(BURST, left + more);
            counted = counted.plus(REFILL.multipliedBy(more));
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        }
    }

    private final EventWriter writer;
    private final Executor executor;
    private final InstantSource clock;
    private final EventReporter reporter;

    private final Map<Said, Telling> tellings = new Recent<>(); // guarded by this
    private final Map<String, Allowance> allowances = new Recent<>(); // guarded by this
    private long last; // guarded by this

    /**
     * Events that a client writes.
     *
     * @param executor that may wait for Kubernetes; in the order in which it is given, one at a
     *     time
     */
    public RecordedEvents(
            KubernetesClient client,
            Executor executor,
            InstantSource clock,
            EventReporter reporter) {
        this(new FabricEventWriter(client), executor, clock, reporter);
    }

    RecordedEvents(
            EventWriter writer, Executor executor, InstantSource clock, EventReporter reporter) {
        this.writer = writer;
        this.executor = executor;
        this.clock = clock;
        this.reporter = reporter;
    }

    @Override
    public void normal(HasMetadata about, String reason, String note) {
        say(about, "Normal", reason, note);
    }

    @Override
    public void warning(HasMetadata about, String reason, String note) {
        say(about, "Warning", reason, note);
    }

    private synchronized void say(HasMetadata about, String type, String reason, String note) {
        String uid =
                Objects.requireNonNullElseGet(
                        about.getMetadata().getUid(), () -> about.getMetadata().getName());
        Said said = new Said(uid, type, reason, note);
        Instant now = clock.instant();
        Telling telling = tellings.get(said);
        if (telling != null) {
            again(said, telling, now);
        } else if (allowances.computeIfAbsent(uid, any -> new Allowance(now)).take(now)) {
            Event event = event(about, said, now);
            tellings.put(said, new Telling(event, now));
            execute(said, () -> writer.create(event));
        } else {
            LOG.debug("Too many Events: {} {} is not told: {}", type, reason, note);
        }
    }

    private void again(Said said, Telling telling, Instant now) {
        telling.count++;
        if (now.isBefore(telling.written.plus(telling.quiet))) {
            return;
        }
        telling.written = now;
        telling.quiet = telling.quiet.multipliedBy(2);
        if (telling.quiet.compareTo(LONGEST_QUIET) > 0) {
            telling.quiet = LONGEST_QUIET;
        }
        int count = telling.count;
        execute(said, () -> repeat(said, telling, count, now));
    }

    private void repeat(Said said, Telling telling, int count, Instant now) {
        if (!writer.repeat(telling.event, count, now)) {
            forget(said);
        }
    }

    /** The next time that it is said it is new. */
    private synchronized void forget(Said said) {
        tellings.remove(said);
    }

    private void execute(Said said, Runnable writing) {
        try {
            executor.execute(
                    () -> {
                        try {
                            writing.run();
                        } catch (RuntimeException e) {
                            forget(said);
                            LOG.warn("An Event could not be told: {}", e.getMessage());
                        }
                    });
        } catch (RejectedExecutionException full) {
            tellings.remove(said);
            LOG.debug("Too many Events wait to be told: {} is not", said.reason());
        }
    }

    private Event event(HasMetadata about, Said said, Instant now) {
        last = Math.max(last + 1, now.getEpochSecond() * 1_000_000_000L + now.getNano());
        String namespace = about.getMetadata().getNamespace();
        return new EventBuilder()
                .withNewMetadata()
                .withName(EventText.name(about, last))
                .withNamespace(Objects.requireNonNullElse(namespace, "default"))
                .endMetadata()
                .withEventTime(EventText.time(now))
                .withType(said.type())
                .withReason(said.reason())
                .withNote(EventText.note(said.note()))
                .withAction("Reconcile")
                .withReportingController(reporter.controller())
                .withReportingInstance(reporter.instance())
                .withRegarding(
                        new ObjectReferenceBuilder()
                                .withApiVersion(about.getApiVersion())
                                .withKind(about.getKind())
                                .withNamespace(namespace)
                                .withName(about.getMetadata().getName())
                                .withUid(about.getMetadata().getUid())
                                .build())
                .build();
    }

    /** Forgets what was not asked for for longest. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > REMEMBERED;
        }
    }
}
