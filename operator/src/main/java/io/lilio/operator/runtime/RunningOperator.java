package io.lilio.operator.runtime;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.lilio.operator.admin.HttpEtcdMembership;
import io.lilio.operator.admin.SignedAdminApis;
import io.lilio.operator.bucket.BucketPass;
import io.lilio.operator.cluster.ClusterAccess;
import io.lilio.operator.cluster.ClusterPass;
import io.lilio.operator.cluster.ClusterSettings;
import io.lilio.operator.cluster.Randomness;
import io.lilio.operator.dependent.Monitor;
import io.lilio.operator.kube.EventReporter;
import io.lilio.operator.kube.Events;
import io.lilio.operator.kube.FabricKubernetes;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.RecordedEvents;
import io.quarkus.runtime.Quarkus;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The operator at work: everything it consists of, made here and closed here. Thread-safe.
 *
 * <p>Each replica watches from the start, so that one that becomes the leader begins at once.
 */
final class RunningOperator implements AutoCloseable {

    /** Events that wait to be written; what is beyond is dropped. */
    private static final int WAITING_EVENTS = 1_000;

    private static final Duration LAST_EVENTS = Duration.ofSeconds(2);

    private final Clock clock = Clock.systemUTC();
    private final KubernetesClient client;
    private final SignedAdminApis adminApis;
    private final HttpEtcdMembership etcds;
    private final ExecutorService eventThread =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(WAITING_EVENTS),
                    Thread.ofPlatform().daemon().name("events").factory());
    private final LeftOutNamespaces leftOutNamespaces =
            new LeftOutNamespaces(() -> Quarkus.asyncExit(OperatorProcess.FAILED));
    private final Leadership leadership;
    private final Operator operator;
    private boolean closed; // guarded by this

    /**
     * Makes it and starts it, which takes until everything that is watched was listed once.
     *
     * @param version the operator's own release
     * @throws RuntimeException when Kubernetes does not answer, does not know the resources, or
     *     does not let them be watched
     */
    static RunningOperator start(
            OperatorSettings settings, String version, OperatorMetrics metrics) {
        RunningOperator running = new RunningOperator(settings, metrics);
        try {
            running.begin(settings, version, metrics);
            return running;
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
    }

    private RunningOperator(OperatorSettings settings, OperatorMetrics metrics) {
        client =
                new KubernetesClientBuilder()
                        .withConfig(FabricKubernetes.settings(Config.autoConfigure(null)))
                        .build();
        adminApis = new SignedAdminApis(clock);
        etcds = new HttpEtcdMembership();
        leadership =
                new Leadership(
                        metrics::leading, () -> Runtime.getRuntime().halt(OperatorProcess.FAILED));
        operator = new Controllers(settings).operator(client, leadership);
    }

    private void begin(OperatorSettings settings, String version, OperatorMetrics metrics) {
        Definitions definitions =
                new Definitions(client, settings.namespaces(), Duration.ofSeconds(1));
        Set<String> readable = definitions.await(60);
        Set<String> leftOut = new TreeSet<>(settings.namespaces());
        leftOut.removeAll(readable);
        leftOutNamespaces.watch(leftOut, definitions::isReadable);
        Kubernetes kubernetes = new FabricKubernetes(client);
        Events events =
                new RecordedEvents(
                        client,
                        eventThread,
                        clock,
                        new EventReporter("lilio.io/operator", settings.identity()));
        CountedAdminApis counted = new CountedAdminApis(adminApis, metrics::adminError);
        ClusterPass clusters =
                new ClusterPass(
                        kubernetes,
                        events,
                        new ClusterPass.Servers(counted, etcds),
                        new Randomness(clock, UUID::randomUUID, new SecureRandom()),
                        new ClusterSettings(
                                settings.self(),
                                settings.etcdImage(),
                                client.supports(Monitor.API_VERSION, Monitor.KIND),
                                version));
        BucketPass buckets =
                new BucketPass(
                        kubernetes, events, new ClusterAccess(kubernetes, counted)::of, clock);
        Controllers controllers = new Controllers(settings.in(readable));
        operator.register(
                new LilioClusterReconciler(new Reconciliation<>(Pass.of(clusters), metrics)),
                controllers::configure);
        operator.register(
                new LilioBucketReconciler(new Reconciliation<>(Pass.of(buckets), metrics)),
                controllers::configure);
        operator.start();
        if (!settings.leaderElection()) {
            leadership.begin();
        }
    }

    /** Whether all that is watched is heard of. */
    boolean hears() {
        return operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }

    /** Lets passes that are under way end, then gives the Lease to another replica. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        leftOutNamespaces.close();
        leadership.leave();
        operator.stop();
        adminApis.close();
        etcds.close();
        eventThread.shutdown();
        try {
            boolean _ = eventThread.awaitTermination(LAST_EVENTS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
