package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The operator in the cluster, as the chart installs it. */
final class Installation {

    static final String NAMESPACE = "lilio-system";

    private static final String RELEASE = "lilio";

    private final Kubernetes kubernetes;

    Installation(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** Where the chart is. */
    static Path chart() {
        return repository().resolve("helm/lilio");
    }

    /** Where the sources are: the tests run in one of its directories. */
    static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("e2e") ? here.getParent() : here;
    }

    /** Has the operator there and ready, with the chart's own values. */
    void ensure() {
        Command.run(
                "helm",
                "upgrade",
                RELEASE,
                chart().toString(),
                "--install",
                "--namespace",
                NAMESPACE,
                "--create-namespace",
                "--wait",
                "--timeout",
                "5m");
        kubernetes.kubectl(
                "wait",
                "--namespace",
                NAMESPACE,
                "--for=condition=Available",
                "--timeout=5m",
                "deployment",
                "--all");
    }

    /** Whether there is a release of the chart. */
    boolean isThere() {
        return Command.attempt(
                        Duration.ofMinutes(1),
                        List.of("helm", "status", RELEASE, "--namespace", NAMESPACE),
                        "")
                .succeeded();
    }

    /** The two commands of docs/kubernetes.md. */
    void install() {
        Command.run(
                "helm",
                "install",
                RELEASE,
                chart().toString(),
                "--namespace",
                NAMESPACE,
                "--create-namespace");
        kubernetes.kubectl(
                "-n", NAMESPACE, "rollout", "status", "deployment/lilio-operator", "--timeout=5m");
    }

    /** The operator's pods are gone from one moment to the next, and others are made. */
    void kill() {
        List<String> before = uids();
        kubernetes.kubectl(
                "delete", "pods", "--all", "--namespace", NAMESPACE, "--force", "--grace-period=0");
        assertThat(uids()).as("operators").doesNotContainAnyElementsOf(before);
    }

    private List<String> uids() {
        return pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    void uninstall() {
        Command.run("helm", "uninstall", RELEASE, "--namespace", NAMESPACE, "--wait");
        Await.until(
                "the operator's pods are gone",
                Duration.ofMinutes(3),
                Await.that("there are some", () -> pods().isEmpty()));
    }

    /** The operator's Deployment. */
    Deployment deployment() {
        List<Deployment> all =
                kubernetes.client().apps().deployments().inNamespace(NAMESPACE).list().getItems();
        assertThat(all).as("Deployments in %s", NAMESPACE).hasSize(1);
        return all.getFirst();
    }

    /** The operator's pods. */
    List<Pod> pods() {
        return kubernetes.client().pods().inNamespace(NAMESPACE).list().getItems();
    }

    /** How many operators there are to be; waits until it is so. */
    void scale(int replicas) {
        Deployment deployment = deployment();
        kubernetes.kubectl(
                "scale",
                "--namespace",
                NAMESPACE,
                "deployment/" + deployment.getMetadata().getName(),
                "--replicas=" + replicas);
        Await.until(
                "there are %d operators".formatted(replicas),
                Duration.ofMinutes(3),
                () -> {
                    int now = pods().size();
                    long ready = pods().stream().filter(Pods::isReady).count();
                    return now == replicas && ready == replicas
                            ? ""
                            : "%d pods, %d of them ready".formatted(now, ready);
                });
    }
}
