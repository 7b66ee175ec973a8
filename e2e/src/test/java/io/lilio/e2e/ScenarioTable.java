package io.lilio.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes the table of scenarios, with what came of each and how long it took, to {@code
 * target/e2e-scenarios.md}: after each of them, so that it is there when the run is broken off.
 */
public final class ScenarioTable implements TestExecutionListener {

    private static final Path FILE = Path.of("target", "e2e-scenarios.md");

    /** What tests that need the cluster are tagged with. */
    private static final TestTag SCENARIO = TestTag.create("e2e");

    private final Map<String, Long> began = new ConcurrentHashMap<>();
    private final List<String> rows = new CopyOnWriteArrayList<>();
    private volatile TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        began.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        add(test, "left out: " + reason, Duration.ZERO);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean failed = result.getStatus() != TestExecutionResult.Status.SUCCESSFUL;
        if (test.isTest() || failed) {
            long nanos = System.nanoTime() - began.getOrDefault(test.getUniqueId(), 0L);
            add(test, failed ? "**FAILED**" : "passed", Duration.ofNanos(nanos));
        }
    }

    private synchronized void add(TestIdentifier test, String result, Duration time) {
        if (!test.getTags().contains(SCENARIO)) {
            return;
        }
        rows.add(
                "| %s | %s | %s | %d:%02d |"
                        .formatted(
                                scenario(test),
                                test.isTest() ? test.getDisplayName() : "(beginning or end)",
                                result,
                                time.toMinutes(),
                                time.toSecondsPart()));
        String table =
                "| scenario | | result | min:s |%n|---|---|---|---|%n".formatted()
                        + String.join(System.lineSeparator(), rows)
                        + System.lineSeparator();
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The display name of its class, which is what comes right below the engine. */
    private String scenario(TestIdentifier test) {
        TestIdentifier at = test;
        Optional<TestIdentifier> above = plan.getParent(at);
        while (above.isPresent() && plan.getParent(above.get()).isPresent()) {
            at = above.get();
            above = plan.getParent(at);
        }
        return at.getDisplayName();
    }
}
