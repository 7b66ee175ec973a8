package io.lilio.operator.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.lilio.operator.kube.FabricKubernetes;
import java.time.Duration;

/** How the Java Operator SDK is set up. */
final class Controllers {

    /** Passes at once, of different resources; they wait for others most of the time. */
    private static final int PASSES = 16;

    /** A pass that is under way when the process ends may take this long. */
    private static final Duration LAST_PASS = Duration.ofSeconds(20);

    /** Events of a resource are taken together: no more passes than this in as much time. */
    private static final int BURST = 3;

    private static final Duration BURST_TIME = Duration.ofSeconds(3);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private final OperatorSettings settings;

    Controllers(OperatorSettings settings) {
        this.settings = settings;
    }

    /** The SDK's operator, with nothing registered and not started. */
    Operator operator(KubernetesClient client, Leadership leadership) {
        return new Operator(overrider -> configure(overrider, client, leadership));
    }

    private void configure(
            ConfigurationServiceOverrider overrider,
            KubernetesClient client,
            Leadership leadership) {
        overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(PASSES)
                .withReconciliationTerminationTimeout(LAST_PASS)
                .withUseSSAToPatchPrimaryResource(true);
        if (settings.leaderElection()) {
            overrider.withLeaderElectionConfiguration(leadership.election(settings));
        }
    }

    /** What holds for each kind of resource. */
    <R extends HasMetadata> void configure(ControllerConfigurationOverrider<R> overrider) {
        if (settings.namespaces().isEmpty()) {
            overrider.watchingAllNamespaces();
        } else {
            overrider.settingNamespaces(settings.namespaces());
        }
        overrider
                // Annotations matter and have no generation.
                .withGenerationAware(false)
                .withOnUpdateFilter(Changes::matter)
                .withReconciliationMaxInterval(settings.resync())
                .withRateLimiter(new LinearRateLimiter(BURST_TIME, BURST))
                .withRetry(retry())
                .withFieldManager(FabricKubernetes.MANAGER);
    }

    /** Until it works. */
    static Retry retry() {
        return new GenericRetry()
                .setInitialInterval(FIRST_RETRY.toMillis())
                .setIntervalMultiplier(2)
                .setMaxInterval(LONGEST_RETRY.toMillis())
                .withoutMaxAttempts();
    }
}
