package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.cluster.ClusterReason;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Storage nodes do not answer, or answer nonsense: what is not known is a reason to wait, which
 * conditions tell, and nothing is scaled, restarted or removed meanwhile.
 */
@Tag("kubernetes")
@TestInstance(Lifecycle.PER_CLASS)
class StorageNodeFaultsTest {

    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final Duration SPAN = Duration.ofSeconds(30);

    /** What they do. */
    enum Fault {
        AWAY(FakeStorageNodes.HANGING_UP),
        SILENT(FakeStorageNodes.SILENTLY),
        HALF_AN_ANSWER(FakeStorageNodes.HALF),
        NO_JSON(FakeStorageNodes.saying(200, "<html>It works!</html>")),
        NO_FIELDS(FakeStorageNodes.saying(200, "{}")),
        ANOTHER_DOCUMENT(FakeStorageNodes.saying(200, "{\"epoch\":\"many\",\"members\":7}")),
        FAILING(FakeStorageNodes.saying(500, "oops")),
        REFUSING(
                FakeStorageNodes.saying(
                        403, "{\"code\":\"AccessDenied\",\"message\":\"no\",\"requestId\":\"1\"}"));

        private final FakeStorageNodes.Manner manner;

        Fault(FakeStorageNodes.Manner manner) {
            this.manner = manner;
        }
    }

    private final Opened opened = new Opened();
    private Testbed testbed;
    private Site site;
    private OperatorRun operator;
    private Witness witness;

    @BeforeAll
    void start() {
        testbed = opened.add(Testbed.open());
        site = opened.add(new Site(testbed, Chart.render("nonsense"), List.of("demo")));
        witness = opened.add(new Witness(site));
        operator = opened.add(site.operator("operator-0"));
        operator.awaitReady();
        site.makeCluster("demo");
        site.awaitSettled("demo", 3, BOUND);
    }

    @AfterAll
    void stop() {
        opened.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotUnderstoodIsWaitedFor(Fault fault) {
        String bucket = "during-" + fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
        List<String> commands = site.store("demo").commands();
        testbed.nodes().behave(site.store("demo"), fault.manner);
        site.scale("demo", 4);
        site.makeBucket(bucket, "demo");
        Await.until(
                "the cluster's conditions tell it", BOUND, () -> untold(site.conditions("demo")));
        Await.until(
                "the bucket's conditions tell it",
                BOUND,
                () -> untold(site.bucketConditions(bucket)));
        Await.always(
                "nothing is done",
                SPAN,
                () -> site.pods("demo") == 3 ? "" : site.pods("demo") + " pods");
        assertThat(site.store("demo").commands()).isEqualTo(commands);
        assertThat(site.store("demo").bucketNames()).doesNotContain(bucket);

        site.scale("demo", 3);
        testbed.nodes().behave(site.store("demo"), FakeStorageNodes.RIGHTLY);
        site.awaitSettled("demo", 3, BOUND);
        site.awaitBucket(bucket, BOUND);
        assertThat(untold(site.conditions("demo"))).as("it is told no longer").isNotEmpty();
        assertThat(witness.replicas("demo")).containsExactly(3);
        assertThat(witness.madeAgain().keySet()).isEmpty();
        assertThat(operator.isAlive()).isTrue();
        assertThat(operator.metrics()).contains("lilio_operator_admin_errors_total");
    }

    /** Empty when a condition says that nodes do not answer, and what can be done. */
    private static String untold(List<Condition> conditions) {
        Optional<Condition> told =
                conditions.stream()
                        .filter(
                                each ->
                                        each.reason()
                                                .equals(ClusterReason.ADMIN_API_UNREACHABLE.text()))
                        .filter(each -> !each.message().isBlank())
                        .filter(each -> each.status() != ConditionStatus.UNKNOWN)
                        .findFirst();
        return told.isPresent() ? "" : conditions.toString();
    }
}
