package io.lilio.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the cluster looked like when a test failed: resources, events and logs, in a file. */
final class Evidence {

    private static final Path DIRECTORY = Path.of("target", "e2e-evidence");
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Kubernetes kubernetes;
    private final StringBuilder text = new StringBuilder();

    private Evidence(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * Collects all of it.
     *
     * @param test names the file
     * @return where it is
     */
    static Path collect(Kubernetes kubernetes, String namespace, String test) {
        Evidence evidence = new Evidence(kubernetes);
        evidence.all(namespace);
        try {
            Files.createDirectories(DIRECTORY);
            return Files.writeString(DIRECTORY.resolve(test + ".txt"), evidence.text)
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resources' conditions, in a few lines. */
    static String conditions(Kubernetes kubernetes, String namespace) {
        Evidence evidence = new Evidence(kubernetes);
        evidence.conditions(namespace);
        return evidence.text.toString();
    }

    private void all(String namespace) {
        conditions(namespace);
        kubectl("get", "nodes", "-o", "wide");
        kubectl("get", "all,pvc,pdb,endpoints", "-o", "wide", "-n", namespace);
        kubectl("get", "lilioclusters,liliobuckets", "-o", "yaml", "-n", namespace);
        kubectl("get", "events", "--sort-by=.lastTimestamp", "-n", namespace);
        kubectl("describe", "pods", "-n", namespace);
        logs(namespace);
        kubectl("get", "all", "-o", "wide", "-n", Installation.NAMESPACE);
        kubectl("get", "events", "-n", Installation.NAMESPACE);
        logs(Installation.NAMESPACE);
    }

    private void conditions(String namespace) {
        kubectl("get", "lilioclusters,liliobuckets", "-o", "wide", "-n", namespace);
        kubectl(
                "get",
                "lilioclusters,liliobuckets",
                "-n",
                namespace,
                "-o",
                "jsonpath={range .items[*]}{.kind}/{.metadata.name}:{\"\\n\"}"
                        + "{range .status.conditions[*]}  {.type}={.status} {.reason}: {.message}"
                        + "{\"\\n\"}{end}{end}");
    }

    private void logs(String namespace) {
        List<String> pods =
                kubernetes.client().pods().inNamespace(namespace).list().getItems().stream()
                        .map(Pods::name)
                        .toList();
        for (String pod : pods) {
            kubectl("logs", pod, "-n", namespace, "--tail=400", "--all-containers");
            kubectl("logs", pod, "-n", namespace, "--tail=200", "--all-containers", "--previous");
        }
    }

    private void kubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl", "--request-timeout=30s"));
        command.addAll(List.of(arguments));
        text.append("$ ").append(String.join(" ", command)).append('\n');
        try {
            text.append(Command.attempt(BOUND, command, "").output()).append('\n');
        } catch (AssertionError e) {
            text.append(e.getMessage()).append('\n');
        }
    }
}
