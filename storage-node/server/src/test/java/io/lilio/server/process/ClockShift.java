package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A clock that is wrong for one process: a library that is preloaded into it, made by the C
 * compiler of the machine.
 */
record ClockShift(Path library) {

    /** Compiles it; where there is no compiler the test is skipped, unless it runs in CI. */
    static ClockShift compile(Path directory) throws IOException, InterruptedException {
        if (!hasCompiler()) {
            String why = "a wrong clock needs cc";
            assertThat(FaultCase.mountsRequired(System.getenv())).as(why).isFalse();
            Assumptions.abort(why);
        }
        Path library = directory.resolve("clock-shift.so");
        Process cc =
                new ProcessBuilder(
                                "cc",
                                "-shared",
                                "-fPIC",
                                "-O1",
                                "-o",
                                library.toString(),
                                source().toString(),
                                "-ldl")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(cc.waitFor()).as(output).isZero();
        return new ClockShift(library);
    }

    private static Path source() {
        return ServerProcess.repository()
                .resolve("storage-node/server/src/test/native/clock-shift.c");
    }

    private static boolean hasCompiler() {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(directory, "cc"))) {
                return true;
            }
        }
        return false;
    }

    /** What a process is started with whose clock is ahead by so much. */
    Map<String, String> by(Duration ahead) {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "CLOCK_SHIFT_SECONDS",
                String.valueOf(ahead.toSeconds()));
    }
}
