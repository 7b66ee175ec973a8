package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.lilio.crd.bucket.LilioBucket;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whom an event wakes. */
class EventSourcesTest {

    @Test
    void anObjectWakesTheClusterThatItsLabelNames() {
        assertThat(
                        ClusterEventSources.cluster(
                                new ConfigMapBuilder()
                                        .withNewMetadata()
                                        .withNamespace("lab")
                                        .withName("demo-config")
                                        .addToLabels("lilio.io/cluster", "demo")
                                        .endMetadata()
                                        .build()))
                .containsExactly(new ResourceID("demo", "lab"));
    }

    @Test
    void aClusterWakesItsBucketsInAllNamespaces() {
        List<LilioBucket> all =
                List.of(
                        Resources.bucket("near", ""),
                        Resources.bucket("same", "lab"),
                        Resources.bucket("far", "other"));
        assertThat(BucketEventSources.bucketsOf(Resources.cluster(), cache(all)))
                .containsExactlyInAnyOrder(
                        new ResourceID("near", "lab"), new ResourceID("same", "lab"));
    }

    @Test
    void onlyTheOperatorsOwnObjectsAreWatchedAndNoSecretIs() {
        assertThat(ClusterEventSources.OWNED)
                .isEqualTo("app.kubernetes.io/managed-by=lilio-operator,lilio.io/cluster");
        assertThat(ClusterEventSources.KINDS).doesNotContain(Secret.class);
    }

    private static Cache<LilioBucket> cache(List<LilioBucket> all) {
        return new Cache<>() {
            @Override
            public Optional<LilioBucket> get(ResourceID id) {
                return all.stream().filter(id::isSameResource).findFirst();
            }

            @Override
            public Stream<ResourceID> keys() {
                return all.stream().map(ResourceID::fromResource);
            }

            @Override
            public Stream<LilioBucket> list(Predicate<LilioBucket> predicate) {
                return all.stream().filter(predicate);
            }
        };
    }
}
