package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.operator.bucket.BucketPass;
import io.lilio.operator.dependent.IngressPolicy;
import io.lilio.operator.kube.KubernetesException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The SDK as it is set up, on an API server that knows how to store and watch. */
class ControllersTest {

    private static final OperatorSettings SETTINGS =
            new OperatorSettings(
                    Set.of("lab"),
                    new IngressPolicy.Operator("lilio-system", Map.of("a", "b")),
                    "pod-1",
                    Duration.ofMinutes(5),
                    false,
                    "etcd");

    private static final Report WAITS =
            new Report(Duration.ofMinutes(1), false, Optional.empty(), Optional.empty());
    private static final Report FINISHED =
            new Report(Duration.ofMinutes(1), true, Optional.empty(), Optional.empty());

    private final KubernetesMockServer server =
            new KubernetesMockServer(
                    new Context(),
                    new MockWebServer(),
                    new HashMap<>(),
                    new KubernetesCrudDispatcher(List.of()),
                    false);
    private KubernetesClient client;
    private Operator operator;

    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch recovered = new CountDownLatch(1);
    private final CountDownLatch annotated = new CountDownLatch(1);

    @BeforeEach
    void start() {
        server.init();
        client = server.createClient();
        Controllers controllers = new Controllers(SETTINGS);
        operator = controllers.operator(client, new Leadership(any -> {}, () -> {}));
        operator.register(
                new LilioBucketReconciler(
                        new Reconciliation<>(
                                new Pass<>(this::pass, any -> FINISHED),
                                new OperatorMetrics(
                                        new SimpleMeterRegistry(), () -> Instant.EPOCH))),
                controllers::configure);
        operator.start();
    }

    private Report pass(LilioBucket bucket) {
        if (runs.incrementAndGet() == 1) {
            throw new KubernetesException(503, "away", new IllegalStateException());
        }
        recovered.countDown();
        if (bucket.getMetadata().getAnnotations().containsKey("lilio.io/test")) {
            annotated.countDown();
        }
        return WAITS;
    }

    @AfterEach
    void stop() {
        operator.stop();
        client.close();
        server.destroy();
    }

    @Test
    void aFailureIsTriedAgainAnAnnotationIsSeenAndADeletionEnds() throws Exception {
        LilioBucket bucket = Resources.bucket("photos", "");
        bucket.getMetadata().setFinalizers(List.of(BucketPass.FINALIZER));
        client.resource(bucket).create();
        assertThat(recovered.await(30, TimeUnit.SECONDS)).as("tried again").isTrue();
        client.resource(bucket)
                .edit(
                        each -> {
                            each.getMetadata().setAnnotations(Map.of("lilio.io/test", "x"));
                            return each;
                        });
        assertThat(annotated.await(30, TimeUnit.SECONDS)).as("annotation seen").isTrue();
        client.resource(bucket).delete();
        client.resource(bucket).waitUntilCondition(each -> each == null, 30, TimeUnit.SECONDS);
    }

    @Test
    void retriesAreEverMoreSeldomAndNeverEnd() {
        RetryExecution execution = Controllers.retry().initExecution();
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            delays.add(execution.nextDelay().orElseThrow());
        }
        assertThat(delays.subList(0, 4)).containsExactly(1_000L, 1_000L, 2_000L, 4_000L);
        assertThat(delays.getLast()).isEqualTo(60_000L);
    }
}
