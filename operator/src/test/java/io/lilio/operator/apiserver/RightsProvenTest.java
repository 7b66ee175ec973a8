package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The chart gives the operator no right that it does not need, and none is missed in silence: with
 * all of them a cluster lives its whole {@link Life} without a refusal; without any one of them
 * something is refused, and can be seen.
 */
@Tag("kubernetes")
@TestInstance(Lifecycle.PER_CLASS)
class RightsProvenTest {

    /** Lives at once, each with an operator of its own. */
    private static final int LANES = Integer.getInteger("lilio.rights.lanes", 2);

    private static final Duration STAGE = Duration.ofMinutes(4);

    /** Whoever says nothing so long after a refusal, and does not go on, is stuck. */
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    /**
     * What cannot be seen here, and why. A right that can be seen after all must not be here. That
     * of asking for namespaces is seen when one goes with a cluster whose volumes are to be kept
     * and a bucket that is not empty (DeletionIT in {@code e2e/}); here a namespace takes the
     * operator's own roles and account with it.
     */
    private static final Map<String, String> UNSEEN =
            Map.of(
                    "update lilioclusters/finalizers.lilio.io",
                    "asked for only with the admission plugin OwnerReferencesPermissionEnforcement",
                    "update liliobuckets/finalizers.lilio.io",
                    "asked for only with the admission plugin OwnerReferencesPermissionEnforcement",
                    "get namespaces",
                    "who may not ask whether a namespace is terminating takes it that it is not;"
                            + " none goes here while the operator lives in it",
                    "patch events.events.k8s.io",
                    "the same is told again after ten minutes at the earliest");

    /** How the lack of a right shows. */
    private enum Shows {
        /** In the log, in a condition, by health, or by the end of the process. */
        TOLD,
        /** Something does not go on after a refusal. */
        STUCK,
        /** Something was refused, and all went on. */
        BORNE,
        /** Nothing was refused. */
        NOT
    }

    /**
     * What was found.
     *
     * @param stage of the life, in which it showed
     */
    private record Finding(Shows shows, String stage, String text) {}

    private final Map<String, Finding> findings = new ConcurrentSkipListMap<>();
    private final ExecutorService lanes = Executors.newFixedThreadPool(LANES);
    private final Opened opened = new Opened();
    private Testbed testbed;

    @BeforeAll
    void open() {
        testbed = opened.add(Testbed.open());
    }

    @AfterAll
    void close() throws IOException {
        lanes.shutdownNow();
        opened.close();
        List<String> table = new ArrayList<>();
        table.add("| without | it shows | while | how |");
        table.add("|---|---|---|---|");
        findings.forEach(
                (right, finding) ->
                        table.add(
                                "| %s | %s | %s | %s |"
                                        .formatted(
                                                right,
                                                finding.shows().name().toLowerCase(Locale.ROOT),
                                                finding.stage(),
                                                finding.text().replace("|", "/"))));
        Path target = Files.createDirectories(Path.of("target", "apiserver"));
        Files.write(target.resolve("rights.md"), table);
        System.out.println(String.join("\n", table));
    }

    @TestFactory
    Stream<DynamicTest> rights() {
        Finding all = find(Chart.render("rights-all"));
        assertThat(all)
                .as("with all rights nothing is refused, and the whole life is lived")
                .isEqualTo(new Finding(Shows.NOT, "", ""));
        int count = Right.of(Chart.render("rights-all").objects()).size();
        return IntStream.range(0, count)
                .mapToObj(
                        i -> {
                            Chart chart = Chart.render("rights-" + i);
                            Right right = Right.of(chart.objects()).get(i);
                            CompletableFuture<Finding> found =
                                    CompletableFuture.supplyAsync(
                                            () -> find(chart.without(right)), lanes);
                            return DynamicTest.dynamicTest(
                                    "without " + right, () -> judge(right, found.join()));
                        })
                .toList()
                .stream();
    }

    private void judge(Right right, Finding found) {
        findings.put(right.toString(), found);
        String reason = UNSEEN.get(right.toString());
        if (reason == null) {
            assertThat(found.shows())
                    .as("the lack of %s: %s", right, found)
                    .isIn(Shows.TOLD, Shows.STUCK);
        } else {
            assertThat(found.shows())
                    .as("%s is said not to be seen, because %s; but: %s", right, reason, found)
                    .isIn(Shows.BORNE, Shows.NOT);
        }
    }

    private Finding find(Chart chart) {
        try (Site site = new Site(testbed, chart, List.of(Life.CLUSTER));
                OperatorRun operator = site.operator("operator-0")) {
            List<Life.Stage> stages = new ArrayList<>();
            stages.add(
                    new Life.Stage("start", () -> {}, () -> operator.isReady() ? "" : "not ready"));
            stages.addAll(new Life(site).stages());
            for (Life.Stage stage : stages) {
                Optional<Finding> found = live(stage, site, operator);
                if (found.isPresent()) {
                    return found.get();
                }
            }
            return refused(site).isEmpty()
                    ? new Finding(Shows.NOT, "", "")
                    : new Finding(Shows.BORNE, "", refused(site).getFirst());
        }
    }

    /** Empty when the stage was lived to its end, and nothing was told. */
    private static Optional<Finding> live(Life.Stage stage, Site site, OperatorRun operator) {
        stage.act().run();
        long begun = System.nanoTime();
        long refusedAt = 0;
        while (true) {
            Optional<String> told = told(site, operator);
            if (told.isPresent()) {
                return told.map(text -> new Finding(Shows.TOLD, stage.name(), text));
            }
            String missing = Await.ask(stage.missing());
            if (missing.isEmpty()) {
                return Optional.empty();
            }
            long now = System.nanoTime();
            boolean refused = !refused(site).isEmpty();
            refusedAt = refused && refusedAt == 0 ? now : refusedAt;
            if (refused && now - refusedAt > PATIENCE.toNanos()) {
                return Optional.of(
                        new Finding(
                                Shows.STUCK,
                                stage.name(),
                                refused(site).getLast() + "; " + shortened(missing)));
            }
            if (now - begun > STAGE.toNanos()) {
                throw new AssertionError(
                        "%s does not come to its end, and nothing is refused: %s"
                                .formatted(stage.name(), missing));
            }
            Await.pause(Duration.ofMillis(500));
        }
    }

    private static List<String> refused(Site site) {
        return site.proxy().exchanges().stream()
                .filter(each -> each.status() == 403)
                .map(ApiServerProxy.Exchange::toString)
                .toList();
    }

    private static Optional<String> told(Site site, OperatorRun operator) {
        Optional<String> logged =
                operator.log().lines().filter(RightsProvenTest::isRefusal).findFirst();
        if (operator.exitCode().isPresent()) {
            return Optional.of(
                    "ends with %d: %s"
                            .formatted(
                                    operator.exitCode().getAsInt(),
                                    shortened(logged.orElse("see the log"))));
        }
        if (operator.isSick()) {
            return Optional.of("is not healthy: " + shortened(logged.orElse("")));
        }
        return Stream.of(site.conditions(Life.CLUSTER), site.bucketConditions(Life.BUCKET))
                .flatMap(List::stream)
                .map(Condition::message)
                .filter(RightsProvenTest::isRefusal)
                .findFirst()
                .or(() -> logged)
                .map(RightsProvenTest::shortened);
    }

    private static boolean isRefusal(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return lower.contains("forbidden") || lower.contains("cannot list resource");
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "..." : text;
    }
}
