package io.lilio.operator.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Many runs, one seed after the other. Not thread-safe. */
final class Simulations {

    /** When so many have failed the rest tells nothing new. */
    private static final int ENOUGH = 5;

    private final Coverage coverage = new Coverage();
    private final List<String> failures = new ArrayList<>();
    private final String small = resource();
    private String trace = "";
    private long digest;

    void run(long first, long count) {
        for (long seed = first; seed < first + count && failures.size() < ENOUGH; seed++) {
            run(seed);
        }
    }

    private void run(long seed) {
        Simulation simulation = new Simulation(seed, yaml(seed));
        Optional<String> wrong = simulation.run();
        coverage.add(simulation.coverage());
        trace = simulation.trace();
        digest = simulation.digest();
        if (wrong.isPresent()) {
            String failure =
                    "seed %d fails: %s%n%s%nTo see it again: -Dlilio.operator.seed=%d"
                            .formatted(seed, wrong.get(), simulation.trace(), seed);
            System.out.println(failure);
            failures.add("seed %d fails: %s".formatted(seed, wrong.get()));
        }
    }

    /** Every fourth with a managed etcd, every other with NetworkPolicies. */
    private String yaml(long seed) {
        String etcd =
                """
                  metadata:
                    etcd:
                      endpoints: ["http://etcd:2379"]
                      prefix: lilio
                """;
        String managed =
                """
                  metadata:
                    managed:
                      replicas: 3
                      storage: 8Gi
                """;
        String yaml = small.replace("serviceMonitor: true", "serviceMonitor: false");
        yaml = seed % 4 == 0 ? yaml : yaml.replace(managed, etcd);
        return seed % 2 == 0 ? yaml : yaml.replace("networkPolicy: true", "networkPolicy: false");
    }

    private static String resource() {
        try (InputStream in = Simulations.class.getResourceAsStream("/dependent/small.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> failures() {
        return failures;
    }

    Coverage coverage() {
        return coverage;
    }

    /** What happened in the last run. */
    String trace() {
        return trace;
    }

    long digest() {
        return digest;
    }
}
