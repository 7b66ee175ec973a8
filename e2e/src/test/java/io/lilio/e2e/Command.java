package io.lilio.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the command line, as a user would call them. */
final class Command {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Command() {}

    /**
     * What a program ended with.
     *
     * @param status its exit code
     * @param output standard output and standard error, mixed
     */
    record Result(List<String> command, int status, String output) {

        boolean succeeded() {
            return status == 0;
        }

        /** Fails the test unless the program succeeded. */
        String orFail() {
            if (!succeeded()) {
                throw new AssertionError(
                        "%s ended with %d:%n%s"
                                .formatted(String.join(" ", command), status, output));
            }
            return output;
        }
    }

    /** Runs a program to its end; fails the test unless it succeeds within ten minutes. */
    static String run(String... command) {
        return attempt(PATIENCE, List.of(command), "").orFail();
    }

    /**
     * Runs a program to its end, which may be a failure; one that takes longer than the bound is
     * killed and fails the test.
     *
     * @param input its standard input
     */
    static Result attempt(Duration bound, List<String> command, String input) {
        try {
            Path in = Files.createTempFile("lilio-e2e", ".in");
            Path out = Files.createTempFile("lilio-e2e", ".out");
            try {
                Files.writeString(in, input);
                return attempt(bound, command, in, out);
            } finally {
                Files.delete(in);
                Files.delete(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted: " + String.join(" ", command), e);
        }
    }

    private static Result attempt(Duration bound, List<String> command, Path in, Path out)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        boolean ended = process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        String output = new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
        if (!ended) {
            throw new AssertionError(
                    "%s did not end within %s:%n%s"
                            .formatted(String.join(" ", command), bound, output));
        }
        return new Result(List.copyOf(command), process.exitValue(), output);
    }
}
