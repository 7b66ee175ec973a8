package io.lilio.operator.runtime;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.OperatorException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the process: start, look after resources until SIGTERM, end. Health and metrics are
 * served by Quarkus from before the start until after the end.
 */
public class OperatorProcess implements QuarkusApplication {

    private static final Logger LOG = LoggerFactory.getLogger("io.lilio.operator");

    /** The exit code of a process that has to be started again. */
    static final int FAILED = 1;

    private final OperatorConfig config;
    private final String version;
    private final OperatorMetrics metrics;
    private final OperatorLife life;

    OperatorProcess(
            OperatorConfig config,
            @ConfigProperty(name = "quarkus.application.version") String version,
            OperatorMetrics metrics,
            OperatorLife life) {
        this.config = config;
        this.version = version;
        this.metrics = metrics;
        this.life = life;
    }

    @Override
    public int run(String... arguments) {
        try {
            OperatorSettings settings = OperatorSettings.read(config);
            life.begun(RunningOperator.start(settings, version, metrics));
            LOG.info(
                    "Lilio's operator {} looks after {}",
                    version,
                    settings.namespaces().isEmpty() ? "all namespaces" : settings.namespaces());
        } catch (InvalidSettingException invalid) {
            System.err.println("Lilio's operator does not start: " + invalid.getMessage());
            return FAILED;
        } catch (OperatorException | KubernetesClientException failed) {
            LOG.error("Lilio's operator does not start", failed);
            return FAILED;
        }
        Quarkus.waitForExit();
        return 0;
    }
}
