package io.lilio.operator.runtime;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What health checks ask, and what ends with the process. Quarkus stops the application in the
 * JVM's shutdown hook, beside {@link OperatorProcess#run}, and when the hook is done the JVM is
 * gone: so the hook closes the operator. Thread-safe.
 */
@Singleton
class OperatorLife {

    private volatile @Nullable RunningOperator running;

    /** The operator has started. */
    void begun(RunningOperator operator) {
        running = operator;
    }

    /** The operator, once it has started. */
    Optional<RunningOperator> running() {
        return Optional.ofNullable(running);
    }

    void end(@Observes ShutdownEvent stopping) {
        running().ifPresent(RunningOperator::close);
    }
}
