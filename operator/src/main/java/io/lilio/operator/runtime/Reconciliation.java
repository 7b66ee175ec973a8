package io.lilio.operator.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.lilio.operator.kube.KubernetesException;
import io.lilio.operator.runtime.OperatorMetrics.Result;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Has the Java Operator SDK carry out passes. It writes nothing itself but finalizers: passes write
 * status. What a pass throws goes on to the SDK, which tries again after ever longer times. Meters
 * and logs name the resource. Thread-safe.
 */
final class Reconciliation<R extends HasMetadata> {

    private static final Logger LOG = LoggerFactory.getLogger("io.lilio.operator");

    private final Pass<R> pass;
    private final OperatorMetrics metrics;

    Reconciliation(Pass<R> pass, OperatorMetrics metrics) {
        this.pass = pass;
        this.metrics = metrics;
    }

    UpdateControl<R> run(R resource) {
        Report report = carryOut(pass.run(), resource);
        metrics.told(resource, report);
        return UpdateControl.<R>noUpdate().rescheduleAfter(report.again());
    }

    DeleteControl delete(R resource) {
        Report report = carryOut(pass.delete(), resource);
        if (report.finished()) {
            metrics.gone(resource);
            return DeleteControl.defaultDelete();
        }
        metrics.told(resource, report);
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(report.again());
    }

    private Report carryOut(Function<R, Report> work, R resource) {
        MDC.put("kind", resource.getKind());
        MDC.put("namespace", resource.getMetadata().getNamespace());
        MDC.put("name", resource.getMetadata().getName());
        long begun = System.nanoTime();
        Result result = Result.ERROR;
        try {
            Report report = work.apply(resource);
            result = report.hold().isPresent() ? Result.HOLD : Result.DONE;
            LOG.debug("{} {}, again in {}", result, report.hold().orElse(""), report.again());
            return report;
        } catch (KubernetesException e) {
            result = Result.KUBERNETES;
            LOG.warn("Kubernetes: {}", e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            LOG.error("The pass failed, which is a mistake of the operator's", e);
            throw e;
        } finally {
            metrics.ended(resource, result, Duration.ofNanos(System.nanoTime() - begun));
            MDC.remove("kind");
            MDC.remove("namespace");
            MDC.remove("name");
        }
    }
}
