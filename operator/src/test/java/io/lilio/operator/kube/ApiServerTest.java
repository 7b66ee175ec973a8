package io.lilio.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.bucket.LilioBucket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What only a real API server decides: who owns a field, what is stale, what a budget keeps. */
@Tag("kubernetes")
@TestInstance(Lifecycle.PER_CLASS)
class ApiServerTest {

    private static final Map<String, String> OURS =
            Map.of(Ownership.MANAGED_BY, FabricKubernetes.MANAGER, "app", "demo");

    private ApiServer server;
    private KubernetesClient client;
    private Kubernetes kubernetes;

    @BeforeAll
    void start() {
        server = new ApiServer();
        client = server.client();
        kubernetes = new FabricKubernetes(client);
    }

    @AfterEach
    void removeAll() {
        server.removeAll();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void whatChangesNothingIsNotWritten() {
        String version = version(kubernetes.apply(map(Map.of("a", "1"))));
        assertThat(version(kubernetes.apply(map(Map.of("a", "1"))))).isEqualTo(version);
        assertThat(version(kubernetes.apply(map(Map.of("a", "2"))))).isNotEqualTo(version);
    }

    @Test
    void ourFieldsAreTakenBackAndThoseOfOthersAreLeft() {
        kubernetes.apply(map(Map.of("a", "1", "b", "1")));
        client.resource(map(Map.of("a", "theirs", "c", "theirs")))
                .fieldManager("somebody")
                .forceConflicts()
                .serverSideApply();
        ConfigMap applied = kubernetes.apply(map(Map.of("a", "2")));
        assertThat(applied.getData()).isEqualTo(Map.of("a", "2", "c", "theirs"));
    }

    @Test
    void whatSomebodyElseMadeIsLeft() {
        ConfigMap foreign = map(Map.of("a", "theirs"));
        foreign.getMetadata().setLabels(Map.of());
        client.resource(foreign).create();
        assertThatThrownBy(() -> kubernetes.apply(map(Map.of("a", "1"))))
                .isInstanceOf(ForeignObjectException.class);
        assertThat(read(ConfigMap.class).getData()).isEqualTo(Map.of("a", "theirs"));
    }

    @Test
    void whatHasChangedOrGivenWayToAnotherIsNotDeleted() {
        ConfigMap stale = kubernetes.apply(map(Map.of("a", "1")));
        ConfigMap changed = kubernetes.apply(map(Map.of("a", "2")));
        assertConflict(() -> kubernetes.delete(stale));
        kubernetes.delete(changed);
        assertThat(kubernetes.get(ConfigMap.class, ApiServer.NAMESPACE, "demo")).isEmpty();
        kubernetes.delete(changed);
        kubernetes.apply(map(Map.of("a", "2")));
        assertConflict(() -> kubernetes.delete(changed));
        assertConflict(() -> kubernetes.create(map(Map.of())));
    }

    @Test
    void aScaledSetStaysScaledWhenWhatWasReadIsApplied() {
        StatefulSet read = kubernetes.apply(set(3));
        StatefulSet scaled = unlessOvertaken(now -> kubernetes.scale(now, 2));
        assertThat(scaled.getSpec().getReplicas()).isEqualTo(2);
        assertConflict(() -> kubernetes.scale(read, 1));
        StatefulSet applied = kubernetes.apply(set(2));
        assertThat(applied.getSpec().getReplicas()).isEqualTo(2);
        // A controller may write status meanwhile, which is no change of the spec.
        assertThat(kubernetes.apply(set(2)).getMetadata().getGeneration())
                .isEqualTo(applied.getMetadata().getGeneration());
        assertThat(kubernetes.apply(set(4)).getSpec().getReplicas()).isEqualTo(4);
        StatefulSet stale = set(3);
        stale.getMetadata().setResourceVersion(applied.getMetadata().getResourceVersion());
        assertConflict(() -> kubernetes.apply(stale));
        StatefulSet fresh =
                unlessOvertaken(
                        now -> {
                            String version = now.getMetadata().getResourceVersion();
                            stale.getMetadata().setResourceVersion(version);
                            return kubernetes.apply(stale);
                        });
        assertThat(fresh.getSpec().getReplicas()).isEqualTo(3);
    }

    /** Again while a controller, if there is one, writes the set's status between the two. */
    private StatefulSet unlessOvertaken(UnaryOperator<StatefulSet> write) {
        for (int attempt = 0; attempt < 20; attempt++) {
            try {
                return write.apply(read(StatefulSet.class));
            } catch (KubernetesException e) {
                assertThat(e.isConflict()).as(e.getMessage()).isTrue();
            }
        }
        throw new AssertionError("the set changes all the time");
    }

    @Test
    void aBudgetKeepsAPodAndAnotherPodOfItsNameIsNotEvicted() {
        Pod pod = runningPod();
        client.resource(
                        new PodDisruptionBudgetBuilder(budget())
                                .withNewSpec()
                                .withNewMaxUnavailable(0)
                                .withNewSelector()
                                .withMatchLabels(Map.of("app", "demo"))
                                .endSelector()
                                .endSpec()
                                .build())
                .create();
        assertThat(kubernetes.evict(pod)).isFalse();
        assertThat(kubernetes.get(Pod.class, ApiServer.NAMESPACE, "demo")).isPresent();
        client.resource(budget()).delete();
        Pod another = new PodBuilder(pod).editMetadata().withUid("another").endMetadata().build();
        assertConflict(() -> kubernetes.evict(another));
        assertThat(kubernetes.evict(pod)).isTrue();
    }

    private static PodDisruptionBudget budget() {
        return new PodDisruptionBudgetBuilder().withMetadata(metadata()).build();
    }

    /** A pod that no scheduler takes, as if it ran: budgets mind no others. */
    private Pod runningPod() {
        Pod pod =
                client.resource(
                                new PodBuilder()
                                        .withMetadata(metadata())
                                        .withNewSpec()
                                        .withSchedulerName("nobody")
                                        .withTerminationGracePeriodSeconds(0L)
                                        .addNewContainer()
                                        .withName("a")
                                        .withImage("a")
                                        .endContainer()
                                        .endSpec()
                                        .build())
                        .create();
        return client.resource(
                        new PodBuilder(pod)
                                .withNewStatus()
                                .withPhase("Running")
                                .addNewCondition()
                                .withType("Ready")
                                .withStatus("True")
                                .endCondition()
                                .endStatus()
                                .build())
                .updateStatus();
    }

    @Test
    void aKindThatIsUnknownIsNotFound() {
        assertThatThrownBy(
                        () ->
                                kubernetes.apply(
                                        new GenericKubernetesResourceBuilder()
                                                .withApiVersion("nowhere.lilio.io/v1")
                                                .withKind("Nothing")
                                                .withMetadata(metadata())
                                                .build()))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.status()).isEqualTo(404));
    }

    @Test
    void aResourceIsWrittenAsItWasReadOrNotAtAll() {
        LilioBucket made = client.resource(bucket()).create();
        LilioBucket read = read(LilioBucket.class);
        read.getMetadata().setFinalizers(List.of("lilio.io/test"));
        read.getMetadata().setAnnotations(Map.of("lilio.io/test", "x"));
        LilioBucket written = kubernetes.writeMetadata(read);
        assertThat(written.getMetadata().getFinalizers()).containsExactly("lilio.io/test");
        assertThat(written.getSpec()).isEqualTo(made.getSpec());
        assertConflict(() -> kubernetes.writeMetadata(made));
        assertConflict(() -> kubernetes.writeStatus(made));
        written.getMetadata().setFinalizers(List.of());
        written.getMetadata().setAnnotations(Map.of());
        LilioBucket bare = kubernetes.writeMetadata(written);
        assertThat(bare.getMetadata().getFinalizers()).isEmpty();
        assertThat(bare.getMetadata().getAnnotations()).isEmpty();
    }

    @Test
    void eventsAreTakenAndCounted() {
        ConfigMap about = kubernetes.apply(map(Map.of()));
        Instant[] now = {Instant.now()};
        Events events =
                new RecordedEvents(
                        client,
                        Runnable::run,
                        () -> now[0],
                        new EventReporter("lilio.io/operator", "test"));
        events.warning(about, "Tried", "It was tried.");
        now[0] = now[0].plus(RecordedEvents.SHORTEST_QUIET);
        events.warning(about, "Tried", "It was tried.");
        List<Event> told =
                client.resources(Event.class).inNamespace(ApiServer.NAMESPACE).list().getItems();
        assertThat(told)
                .filteredOn(each -> each.getReason().equals("Tried"))
                .singleElement()
                .satisfies(each -> assertThat(each.getSeries().getCount()).isEqualTo(2));
    }

    private <T extends HasMetadata> T read(Class<T> kind) {
        return kubernetes.get(kind, ApiServer.NAMESPACE, "demo").orElseThrow();
    }

    private static void assertConflict(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KubernetesException.class,
                        e -> assertThat(e.isConflict()).as(e.getMessage()).isTrue());
    }

    private static String version(HasMetadata object) {
        return object.getMetadata().getResourceVersion();
    }

    private static ObjectMeta metadata() {
        return new ObjectMetaBuilder()
                .withNamespace(ApiServer.NAMESPACE)
                .withName("demo")
                .withLabels(OURS)
                .build();
    }

    private static ConfigMap map(Map<String, String> data) {
        return new ConfigMapBuilder().withMetadata(metadata()).withData(data).build();
    }

    private static LilioBucket bucket() {
        LilioBucket bucket =
                new KubernetesSerialization()
                        .convertValue(
                                Map.of("spec", Map.of("clusterRef", Map.of("name", "demo"))),
                                LilioBucket.class);
        bucket.setMetadata(metadata());
        return bucket;
    }

    private static StatefulSet set(int replicas) {
        return new StatefulSetBuilder()
                .withMetadata(metadata())
                .withNewSpec()
                .withReplicas(replicas)
                .withServiceName("demo")
                .withNewSelector()
                .withMatchLabels(Map.of("set", "demo"))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Map.of("set", "demo"))
                .endMetadata()
                .withNewSpec()
                .withSchedulerName("nobody")
                .addNewContainer()
                .withName("a")
                .withImage("a")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
