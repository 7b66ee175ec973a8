package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which changes of a resource lead to a pass. */
class ChangesTest {

    @Test
    void specAnnotationsFinalizersAndDeletionMatter() {
        assertThat(matters(each -> each.getMetadata().setGeneration(4L))).isTrue();
        assertThat(
                        matters(
                                each ->
                                        each.getMetadata()
                                                .setAnnotations(
                                                        Map.of("lilio.io/acknowledge-lost", "m"))))
                .isTrue();
        assertThat(matters(each -> each.getMetadata().setFinalizers(List.of("lilio.io/cluster"))))
                .isTrue();
        assertThat(matters(each -> each.getMetadata().setDeletionTimestamp("2026-11-30T10:00:00Z")))
                .isTrue();
    }

    @Test
    void whatThePassesWriteThemselvesDoesNot() {
        assertThat(matters(each -> each.getMetadata().setResourceVersion("8"))).isFalse();
        assertThat(matters(ChangesTest::ready)).isFalse();
    }

    @Test
    void bucketsAreWokenByWhatTheyDependOnAndNotByUsage() {
        assertThat(mattersToBuckets(ChangesTest::ready)).isTrue();
        assertThat(mattersToBuckets(each -> each.getMetadata().setGeneration(4L))).isTrue();
        assertThat(mattersToBuckets(each -> each.getMetadata().setUid("u2"))).isTrue();
        assertThat(mattersToBuckets(each -> each.getMetadata().setResourceVersion("8"))).isFalse();
    }

    private static boolean matters(Consumer<LilioCluster> change) {
        LilioCluster now = Resources.cluster();
        change.accept(now);
        return Changes.matter(now, Resources.cluster());
    }

    private static boolean mattersToBuckets(Consumer<LilioCluster> change) {
        LilioCluster now = Resources.cluster();
        change.accept(now);
        return Changes.matterToBuckets(now, Resources.cluster());
    }

    private static void ready(LilioCluster cluster) {
        cluster.setStatus(
                new LilioClusterStatus(
                        3L, null, null, null, null, null, null, null, null, null, null, null,
                        null));
    }
}
