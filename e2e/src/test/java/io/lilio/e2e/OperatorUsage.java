package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;

/**
 * What the operator in the cluster takes, as {@code /proc} of its only pod tells: the same figures
 * as those of {@code ManyClustersTest} on a bare API server.
 *
 * @param residentBytes memory that it has now
 * @param processor time of processors that it has taken since its start
 */
record OperatorUsage(long residentBytes, Duration processor) {

    /** The operator is the first process of its container. */
    private static final String ASK =
            """
            sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/1/status
            cut -d' ' -f14 /proc/1/stat
            cut -d' ' -f15 /proc/1/stat
            getconf CLK_TCK
            """;

    private static final Duration PAUSE = Duration.ofSeconds(5);

    /**
     * What it takes while nothing is asked of it.
     *
     * @return the most memory that was seen, and the time of processors within the span
     */
    static OperatorUsage during(Duration span, Kubernetes kubernetes, Installation installation) {
        List<Pod> pods = installation.pods();
        assertThat(pods).as("operators").hasSize(1);
        String pod = Pods.name(pods.getFirst());
        long end = System.nanoTime() + span.toNanos();
        OperatorUsage before = ask(kubernetes, pod);
        OperatorUsage last = before;
        long most = before.residentBytes();
        while (System.nanoTime() < end) {
            Await.pause(PAUSE);
            last = ask(kubernetes, pod);
            most = Math.max(most, last.residentBytes());
        }
        return new OperatorUsage(most, last.processor().minus(before.processor()));
    }

    private static OperatorUsage ask(Kubernetes kubernetes, String pod) {
        String[] said =
                kubernetes
                        .kubectl("exec", pod, "-n", Installation.NAMESPACE, "--", "sh", "-euc", ASK)
                        .strip()
                        .split("\\s+");
        assertThat(said).as("memory, two times and their unit").hasSize(4);
        long ticks = Long.parseLong(said[1]) + Long.parseLong(said[2]);
        return new OperatorUsage(
                Long.parseLong(said[0]) * 1024,
                Duration.ofMillis(ticks * 1000 / Long.parseLong(said[3])));
    }
}
