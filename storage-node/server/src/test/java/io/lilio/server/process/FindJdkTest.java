package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code scripts/find-jdk} finds on machines with all sorts of JDKs, or with none. */
class FindJdkTest {

    @TempDir Path machine;
    private Path tools;

    /** What the script calls, so that no JDK of this machine is on the PATH. */
    @BeforeEach
    void makeTools() throws IOException {
        tools = Files.createDirectory(machine.resolve("tools"));
        for (String tool : List.of("sed", "dirname", "readlink")) {
            program(tools.resolve(tool), "#!/bin/sh\nexec " + onThisMachine(tool) + " \"$@\"\n");
        }
    }

    private static Path onThisMachine(String tool) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(String home, String version) throws IOException {
        Path bin = Files.createDirectories(machine.resolve(home).resolve("bin"));
        program(bin.resolve("javac"), "");
        Files.writeString(
                bin.resolveSibling("release"),
                "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"%s\"\nOS_NAME=\"Linux\"\n"
                        .formatted(version));
        return bin.getParent();
    }

    private record Found(int exitCode, String output, String complaint) {

        void is(Path home) {
            assertThat(this).isEqualTo(new Found(0, home + "\n", ""));
        }
    }

    private Found find(Map<String, String> environment) throws IOException, InterruptedException {
        Path script = ServerProcess.repository().resolve("scripts/find-jdk");
        Path output = machine.resolve("output");
        Path complaint = machine.resolve("complaint");
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", script.toString())
                        .redirectOutput(output.toFile())
                        .redirectError(complaint.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("HOME", machine.resolve("home").toString());
        builder.environment().put("LILIO_FIND_JDK_ROOT", machine.toString());
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        return new Found(exitCode, read(output), read(complaint));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private Map<String, String> onPath(Path home) {
        return Map.of("PATH", home.resolve("bin") + ":" + tools);
    }

    @Test
    void anOlderJdkFirstOnPathIsPassedOverForANewerInTheUsualPlace() throws Exception {
        Path older = jdk("usr/lib/jvm/java-21", "21.0.4");
        jdk("usr/lib/jvm/java-24", "24");
        Path newer = jdk("usr/lib/jvm/java-25", "25.0.1");
        find(onPath(older)).is(newer);
        find(Map.of("JAVA_HOME", older.toString())).is(newer);
        find(Map.of()).is(newer);
    }

    @Test
    void whatUsersInstallForThemselvesIsFoundToo() throws Exception {
        Path older = jdk("old", "1.8.0_402");
        Path own = jdk("home/.jdks/temurin-26", "26-ea");
        find(onPath(older)).is(own);
    }

    @Test
    void theOneThatIsNamedComesFirstThenTheOneOnPath() throws Exception {
        jdk("usr/lib/jvm/java-25", "25.0.1");
        Path named = jdk("named", "26");
        Path onPath = jdk("on-path", "25");
        Path links = Files.createDirectories(machine.resolve("links/bin"));
        Files.createSymbolicLink(links.resolve("javac"), onPath.resolve("bin/javac"));
        find(onPath(links.getParent())).is(onPath);
        find(Map.of("PATH", links + ":" + tools, "JAVA_HOME", named.toString())).is(named);
    }

    @Test
    void whenThereIsNoneOneSentenceSaysSo() throws Exception {
        Found without = find(Map.of());
        Path older = jdk("usr/lib/jvm/java-21", "21.0.4");
        Files.delete(jdk("usr/lib/jvm/only-a-runtime", "25").resolve("bin/javac"));
        for (Found found : List.of(without, find(onPath(older)))) {
            assertThat(found.exitCode()).isEqualTo(1);
            assertThat(found.output()).isEmpty();
            assertThat(found.complaint())
                    .startsWith("Lilio needs JDK 25 or newer, and none was found:")
                    .endsWith(".\n")
                    .hasLineCount(1);
        }
    }
}
