package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/admin.md tells to type when nodes come, go and are lost, word for word. */
@Tag("faults")
@Timeout(400)
class AdminDocumentIT {

    @TempDir Path directory;

    @Test
    void theLinesForRingsThatChangeWorkAsTheyStand() throws Exception {
        try (ClusterProcesses cluster =
                ClusterProcesses.start(
                        directory, ClusterProcesses.Shape.of(3).with(ClusterProcesses.PATIENT))) {
            RingAdmin ring = RingAdmin.of(cluster.node(1));
            ServerProcess fourth = cluster.join();
            List<String> examples = examples("sh cluster");
            assertThat(examples).hasSize(5);

            run(cluster, examples.get(0));
            assertThat(state(ring, "node-4")).isEqualTo("ACTIVE");
            run(cluster, examples.get(1));
            assertThat(state(ring, "node-4")).as("its drain was cancelled").isEqualTo("ACTIVE");
            fourth.kill();
            run(cluster, examples.get(2));
            assertThat(state(ring, "node-4")).isEqualTo("LOST");
            fourth.startAgain();
            ring.await("returned", _ -> state(ring, "node-4").equals("RETURNED"));
            run(cluster, examples.get(3));
            assertThat(state(ring, "node-4")).isEqualTo("ACTIVE");
            fourth.kill();
            cluster.join();
            run(cluster, examples.get(4));
            assertThat(state(ring, "node-4")).isEqualTo("REMOVED");
            assertThat(state(ring, "node-5")).isEqualTo("ACTIVE");
        }
    }

    private static String state(RingAdmin ring, String node) {
        try {
            return ring.member(node).path("state").asText();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> examples(String language) throws Exception {
        Path document = ServerProcess.repository().resolve("docs/admin.md");
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(document))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** With the functions that are defined before, in a shell of its own. */
    private static void run(ClusterProcesses cluster, String lines) throws Exception {
        String functions =
                examples("sh").stream()
                        .flatMap(String::lines)
                        .filter(line -> line.matches("[a-z]+\\(\\) \\{.*"))
                        .collect(Collectors.joining("\n"));
        ProcessBuilder shell =
                new ProcessBuilder("sh", "-eux", "-c", functions + "\n" + lines)
                        .redirectErrorStream(true);
        shell.environment().put("LILIO_ADMIN", cluster.node(1).admin().toString());
        shell.environment()
                .put("LILIO_KEY", ServerProcess.ACCESS_KEY + ":" + ServerProcess.SECRET_KEY);
        Process process = shell.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
