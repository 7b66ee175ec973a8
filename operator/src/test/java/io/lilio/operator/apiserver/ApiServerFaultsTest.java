package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The API server is away, slow, or refuses: the operator waits ever longer, and goes on where it
 * was. Nothing is done twice, no pod goes, no key is made anew. It does not ask whether it leads,
 * as a leader that cannot say so any more ends ({@link TwoOperatorsTest}).
 */
@Tag("kubernetes")
@TestInstance(Lifecycle.PER_CLASS)
class ApiServerFaultsTest {

    private static final Duration BOUND = Duration.ofMinutes(8);
    private static final Duration AWAY = Duration.ofSeconds(90);

    private static final int CLUSTERS = 8;

    private final Opened opened = new Opened();
    private Testbed testbed;
    private Site site;
    private OperatorRun operator;
    private Witness witness;
    private int made;
    private String cluster;
    private String bucket;

    @BeforeAll
    void start() {
        testbed = opened.add(Testbed.open());
        site =
                opened.add(
                        new Site(
                                testbed,
                                Chart.render("faults"),
                                IntStream.range(0, CLUSTERS).mapToObj(i -> "c" + i).toList()));
        witness = opened.add(new Witness(site));
        operator =
                opened.add(
                        site.operator(
                                "operator-0",
                                Optional.of(site.proxy()),
                                Map.of("LILIO_OPERATOR_LEADER_ELECTION", "false")));
        operator.awaitReady();
    }

    @BeforeEach
    void name() {
        cluster = "c" + made;
        bucket = "b" + made;
        made++;
        site.proxy().forget();
    }

    @AfterEach
    void fair() {
        site.proxy().weather(Weather.FAIR);
    }

    @AfterAll
    void stop() {
        opened.close();
    }

    @ParameterizedTest(name = "{0}, carried out: {1}")
    @CsvSource({"409,false", "429,false", "500,false", "500,true"})
    void writesThatFailAreMadeAgain(int status, boolean carriedOut) {
        site.proxy().weather(Weather.failing(status, 6, carriedOut));
        create();
        site.proxy().weather(Weather.failing(status, 4, carriedOut));
        site.scale(cluster, 4);
        site.awaitSettled(cluster, 4, BOUND);
        assertThat(site.proxy().exchanges())
                .as("the fault hit")
                .filteredOn(each -> each.isWrite() && each.status() == status)
                .hasSizeGreaterThanOrEqualTo(6);
        assertNoHarm(List.of(3, 4));
    }

    @Test
    void aSlowServerIsWaitedFor() {
        site.proxy().weather(Weather.slow(Duration.ofMillis(200)));
        create();
        site.proxy().weather(Weather.FAIR);
        assertNoHarm(List.of(3));
    }

    @Test
    void whileItIsAwayNothingHappensAndAfterwardsAllThatWasAskedFor() {
        create();
        site.proxy().weather(Weather.AWAY);
        site.proxy().forget();
        site.scale(cluster, 4);
        Await.pause(AWAY);
        int attempts = site.proxy().exchanges().size();
        assertThat(attempts).as("attempts in %s", AWAY).isBetween(1, (int) (10 * AWAY.toSeconds()));
        assertThat(operator.isAlive()).isTrue();
        assertThat(site.pods(cluster)).isEqualTo(3);
        site.proxy().weather(Weather.FAIR);
        site.awaitSettled(cluster, 4, BOUND);
        assertNoHarm(List.of(3, 4));
    }

    /** Longer than the operator waits for an answer. */
    @Test
    void answersThatComeTooLateAreNone() {
        create();
        site.proxy().weather(Weather.slow(Duration.ofSeconds(12)));
        site.scale(cluster, 4);
        Await.pause(AWAY);
        assertThat(operator.isAlive()).isTrue();
        site.proxy().weather(Weather.FAIR);
        site.awaitSettled(cluster, 4, BOUND);
        assertNoHarm(List.of(3, 4));
    }

    private void create() {
        site.makeCluster(cluster);
        site.makeBucket(bucket, cluster);
        site.awaitSettled(cluster, 3, BOUND);
        site.awaitBucket(bucket, BOUND);
    }

    private void assertNoHarm(List<Integer> replicas) {
        List<String> commands = site.store(cluster).commands();
        assertThat(operator.isAlive()).isTrue();
        assertThat(witness.replicas(cluster))
                .as("how many pods there were to be")
                .isEqualTo(replicas);
        assertThat(new HashSet<>(commands)).as("commands: %s", commands).hasSameSizeAs(commands);
        assertThat(commands).doesNotContain("DRAIN", "CANCEL", "MARK_LOST", "REMOVE");
        assertThat(witness.madeAgain().keySet())
                .as("Secrets, StatefulSets, volumes and pods that were made twice")
                .isEmpty();
        site.awaitBucket(bucket, BOUND);
        Await.until(
                "one access key is left",
                Duration.ofMinutes(3),
                () -> site.store(cluster).keyCount() == 1 ? "" : "there are others");
    }
}
