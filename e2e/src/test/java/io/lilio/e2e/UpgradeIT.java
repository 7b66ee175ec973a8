package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("e2e")
@Order(9)
@DisplayName("8 Rolling upgrades under load")
final class UpgradeIT {

    @RegisterExtension static final Scenario SCENARIO = Scenario.named("upgrade");

    /**
     * Tags that scripts/e2e makes: the server before its last change, and one that ends at once.
     */
    static final String PREVIOUS = "previous";

    private static final String BROKEN = "broken";

    private static StoreCluster cluster;
    private static Load load;

    @BeforeAll
    static void make() {
        cluster = StoreCluster.create(SCENARIO, "upgrade", Spec.of(3).with("version", PREVIOUS));
        assertThat(images(cluster.pods())).containsOnly(image(PREVIOUS));
        load = Load.fill(cluster, "load", Load.Size.FULL, 8);
        load.start();
    }

    @AfterAll
    static void end() {
        if (load != null) {
            load.close();
        }
    }

    @Test
    @Order(1)
    @DisplayName("8: from the previous server: one at a time, no request fails beyond one retry")
    void fromThePreviousServer() {
        load.awaitProgress(50);
        Map<String, String> before = Pods.incarnations(cluster.pods());
        try (Incarnations pods = Incarnations.watch(cluster);
                Sampler others = Sampler.start(UpgradeIT::moreThanOneIsAway)) {
            upgradeTo(Spec.VERSION);
            cluster.awaitSettled();
            others.assertNeverWrong();
            assertThat(pods.seen())
                    .as("each pod is made anew once, and no more")
                    .allSatisfy((pod, uids) -> assertThat(uids).as(pod).hasSize(2));
        }
        assertThat(images(cluster.pods())).containsOnly(image(Spec.VERSION));
        assertThat(Pods.incarnations(cluster.pods())).hasSameSizeAs(before);
        assertThat(cluster.resource().getStatus().version()).isEqualTo(Spec.VERSION);
        load.awaitProgress(50);
        load.assertNothingLost();
        load.start();
    }

    @Test
    @Order(2)
    @DisplayName("8: a broken image halts at one pod, and goes back with the spec")
    void brokenImage() {
        load.awaitProgress(50);
        Map<String, String> before = Pods.incarnations(cluster.pods());
        upgradeTo(BROKEN);
        cluster.awaitReason("UpgradeHalted");
        Await.always(
                "one pod alone has the broken image",
                Duration.ofSeconds(60),
                () -> {
                    List<String> now = images(cluster.pods());
                    return now.stream().filter(image(BROKEN)::equals).count() == 1
                            ? ""
                            : "the images are " + now;
                });
        assertThat(unchanged(before)).isEqualTo(2);
        load.awaitProgress(50);

        upgradeTo(Spec.VERSION);
        cluster.awaitSettled();
        assertThat(images(cluster.pods())).containsOnly(image(Spec.VERSION));
        assertThat(unchanged(before)).as("pods that nobody has touched").isEqualTo(2);
        load.awaitProgress(50);
        load.assertNothingLost();
    }

    private static void upgradeTo(String version) {
        cluster.patchSpec("{\"version\":\"" + version + "\"}");
    }

    private static String moreThanOneIsAway() {
        long ready = cluster.pods().stream().filter(Pods::isReady).count();
        return ready < 2 ? "%d pods are ready".formatted(ready) : "";
    }

    private static long unchanged(Map<String, String> before) {
        Map<String, String> now = Pods.incarnations(cluster.pods());
        return before.entrySet().stream()
                .filter(pod -> pod.getValue().equals(now.get(pod.getKey())))
                .count();
    }

    private static String image(String version) {
        return Spec.REPOSITORY + ":" + version;
    }

    private static List<String> images(List<Pod> pods) {
        return pods.stream()
                .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
                .toList();
    }
}
