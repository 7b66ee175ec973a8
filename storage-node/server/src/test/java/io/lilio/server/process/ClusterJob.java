package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A run of maintenance in a process of its own, beside the nodes of a cluster. Not thread-safe.
 *
 * @param output what it prints
 */
record ClusterJob(Process process, Path output) implements AutoCloseable {

    /**
     * Begins or resumes one.
     *
     * @param directory for its data directory and its log
     * @param settings those of a node of the cluster
     */
    static ClusterJob begin(Path directory, Map<String, String> settings, String... arguments)
            throws IOException {
        Path own = Files.createTempDirectory(directory, "job");
        Path output = own.resolve("job.log");
        List<String> command = new ArrayList<>();
        command.add(ServerProcess.repository().resolve("scripts/lilio-server").toString());
        command.add("job");
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LILIO_DATA_DIR", own.resolve("data").toString());
        builder.environment().put("LILIO_ROOT_ACCESS_KEY", ServerProcess.ACCESS_KEY);
        builder.environment().put("LILIO_ROOT_SECRET_KEY", ServerProcess.SECRET_KEY);
        builder.environment().putAll(settings);
        return new ClusterJob(builder.start(), output);
    }

    String said() throws IOException {
        return Files.readString(output);
    }

    /** Waits until it has printed something; it must not end before. */
    void awaitSaid(String text) throws IOException, InterruptedException {
        while (!said().contains(text)) {
            assertThat(process.isAlive() || said().contains(text)).as(said()).isTrue();
            Thread.sleep(10);
        }
    }

    /** SIGKILL in its midst. */
    void kill() throws IOException, InterruptedException {
        assertThat(process.isAlive()).as(said()).isTrue();
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String which) throws IOException, InterruptedException {
        assertThat(process.isAlive()).as(said()).isTrue();
        String pid = String.valueOf(process.pid());
        new ProcessBuilder("kill", "-" + which, pid).start().waitFor();
    }

    /** Waits for its end, which has to be a success. */
    void succeeds() throws IOException, InterruptedException {
        assertThat(process.waitFor()).as(said()).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
