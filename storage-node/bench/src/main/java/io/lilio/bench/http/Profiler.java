package io.lilio.bench.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Has async-profiler look at the server while a row is measured, when {@code ASPROF} in the
 * environment names its program; else does nothing. The stacks that it saw go to a file each, which
 * {@code scripts/profile-shares} makes a table of. Not thread-safe.
 */
final class Profiler {

    private final Optional<String> program = Optional.ofNullable(System.getenv("ASPROF"));
    private final Path directory;

    /**
     * @param directory where the files go
     */
    Profiler(Path directory) {
        this.directory = directory;
    }

    void start(ServerUnderTest server) throws IOException, InterruptedException {
        if (program.isPresent()) {
            run(List.of(program.get(), "start", "-e", "cpu", String.valueOf(server.pid())));
        }
    }

    /**
     * @param row names the file
     */
    void stop(ServerUnderTest server, String row) throws IOException, InterruptedException {
        if (program.isPresent()) {
            Files.createDirectories(directory);
            Path file = directory.resolve(row.replaceAll("[^A-Za-z0-9]+", "-") + ".stacks");
            Files.deleteIfExists(file);
            String target = file.toAbsolutePath().toString();
            String pid = String.valueOf(server.pid());
            run(List.of(program.get(), "stop", "-o", "collapsed", "-f", target, pid));
            System.out.println("(profile: " + target + ")");
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status);
        }
    }
}
