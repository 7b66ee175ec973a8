package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The deletion brake of a cluster, as an administrator sees it at each node, and what it keeps. */
record ClusterBrake(ClusterProcesses cluster) {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private int nodes() {
        return cluster.endpoints().size();
    }

    /** As one node has it. */
    Curl.Answer at(int node) throws Exception {
        return Curl.ofRoot(cluster.node(node)).get("/v1/brake").is(200);
    }

    /** Waits until every node has it engaged, for a reason; the token of the last. */
    String awaitEngaged(String reason) throws Exception {
        String token = "";
        for (int i = 1; i <= nodes(); i++) {
            await(i, "true");
            assertThat(at(i).at("/reason")).contains(reason);
            token = at(i).at("/token");
        }
        return token;
    }

    /** Says at one node that its reason was looked into. */
    Curl.Answer acknowledge(int node, String token) throws Exception {
        return Curl.ofRoot(cluster.node(node))
                .post("/v1/brake/acknowledge", "{\"token\":\"%s\"}".formatted(token));
    }

    /** Waits until no node has it engaged. */
    void awaitReleased() throws Exception {
        for (int i = 1; i <= nodes(); i++) {
            await(i, "false");
        }
    }

    private void await(int node, String engaged) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!at(node).at("/engaged").equals(engaged)) {
            assertThat(System.nanoTime())
                    .as(() -> "not " + engaged + ": " + cluster.node(node).lastLog())
                    .isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    /** How many chunks lie at each node. */
    Map<Integer, Long> held() throws Exception {
        Map<Integer, Long> held = new TreeMap<>();
        for (int i = 1; i <= nodes(); i++) {
            held.put(i, (long) cluster.node(i).metrics().sum("lilio_backend_chunks"));
        }
        return held;
    }
}
