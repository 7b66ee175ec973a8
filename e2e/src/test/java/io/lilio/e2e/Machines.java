package io.lilio.e2e;

import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The nodes of Kubernetes as what they are in kind: containers of the same names. */
final class Machines {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Kubernetes kubernetes;

    Machines(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** Runs a shell script on a machine, with Kubernetes' own rights. */
    String shell(String machine, String script) {
        List<String> command = new ArrayList<>(List.of("docker", "exec", machine));
        command.addAll(List.of("sh", "-euc", script));
        return Command.run(command.toArray(String[]::new)).strip();
    }

    /** Sends a signal to all processes of a name on a machine; how many there were. */
    int signal(String machine, String signal, String process) {
        return Integer.parseInt(
                shell(
                        machine,
                        """
                        n=0
                        for p in /proc/[0-9]*; do
                            if [ "$(cat $p/comm 2>/dev/null)" = %s ]; then
                                kill -%s ${p#/proc/}
                                n=$((n + 1))
                            fi
                        done
                        echo $n
                        """
                                .formatted(process, signal)));
    }

    /** Stops a machine, as a loss of power does; waits until Kubernetes has noticed. */
    void stop(String machine) {
        Command.run("docker", "stop", "--time", "0", machine);
        awaitReady(machine, false);
    }

    /** Starts it again; waits until it is back. */
    void start(String machine) {
        Command.run("docker", "start", machine);
        awaitReady(machine, true);
    }

    private void awaitReady(String machine, boolean ready) {
        Await.until(
                machine + (ready ? " is ready" : " is not ready"),
                PATIENCE,
                Await.that("it is as it was", () -> isReady(machine) == ready));
    }

    boolean isReady(String machine) {
        Node node = kubernetes.client().nodes().withName(machine).require();
        return node.getStatus().getConditions().stream()
                .anyMatch(
                        each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
    }
}
