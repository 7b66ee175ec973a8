package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kind cluster that {@code KUBECONFIG} names: changed with kubectl, as a user does, and read
 * with a client.
 */
final class Kubernetes implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

    private final KubernetesClient client;

    private Kubernetes(KubernetesClient client) {
        this.client = client;
    }

    /** Fails the test when there is none. */
    static Kubernetes connect() {
        String kubeconfig = System.getenv("KUBECONFIG");
        assertThat(kubeconfig)
                .as("these tests want a kind cluster in KUBECONFIG: run scripts/e2e (docs/e2e.md)")
                .isNotBlank();
        Config config = Config.fromKubeconfig(Path.of(kubeconfig).toFile());
        assertThat(config.getCurrentContext().getName())
                .as("all LilioClusters of the default namespace are deleted: kind clusters only")
                .startsWith("kind-");
        return new Kubernetes(new KubernetesClientBuilder().withConfig(config).build());
    }

    KubernetesClient client() {
        return client;
    }

    /** Runs kubectl; fails the test unless it succeeds. */
    String kubectl(String... arguments) {
        return attempt(arguments).orFail();
    }

    /** Runs kubectl, which may fail. */
    Command.Result attempt(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(Arrays.asList(arguments));
        return Command.attempt(PATIENCE, command, "");
    }

    /** {@code kubectl apply} of some YAML, which may be refused. */
    Command.Result attemptToApply(String yaml) {
        return Command.attempt(PATIENCE, List.of("kubectl", "apply", "-f", "-"), yaml);
    }

    /** The same; fails the test when it is refused. */
    void apply(String yaml) {
        attemptToApply(yaml).orFail();
    }

    /** The nodes that pods of a user run on, in order of their names. */
    List<String> workers() {
        return client.nodes().list().getItems().stream()
                .filter(node -> !node.getMetadata().getLabels().containsKey(CONTROL_PLANE))
                .map(node -> node.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** The address of a node that no test takes away, where every NodePort is served. */
    String stableAddress() {
        return client.nodes().withLabel(CONTROL_PLANE).list().getItems().stream()
                .map(Kubernetes::address)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the cluster has no control plane"));
    }

    private static String address(Node node) {
        return node.getStatus().getAddresses().stream()
                .filter(each -> each.getType().equals("InternalIP"))
                .map(NodeAddress::getAddress)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(node.getMetadata().getName() + " has no address"));
    }

    @Override
    public void close() {
        client.close();
    }
}
