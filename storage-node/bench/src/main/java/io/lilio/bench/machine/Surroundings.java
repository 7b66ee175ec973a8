package io.lilio.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** On what, and with which versions, is measured. */
public final class Surroundings {

    private static final Path SERVER_LIBRARIES =
            Path.of("storage-node/server/target/quarkus-app/lib/main");
    private static final Pattern LIBRARY =
            Pattern.compile(
                    "(?:io\\.quarkus\\.(quarkus)-core|io\\.vertx\\.(vertx)-core|org\\.rocksdb\\.(rocksdb)jni)"
                            + "-([0-9.]+[0-9]).*\\.jar");

    private final Path repository;

    /**
     * @param repository where the server was built
     */
    public Surroundings(Path repository) {
        this.repository = repository;
    }

    /** One sentence on the machine, one on the versions. */
    public String describe() throws IOException {
        return """
        Machine: %d cores, %s, %d GiB of memory, Linux %s, %s. Versions: JDK %s, %s. N=3, W=2, R=2."""
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        field("/proc/cpuinfo", "model name"),
                        Math.round(kibibytes(field("/proc/meminfo", "MemTotal")) / 1024.0 / 1024.0),
                        System.getProperty("os.version"),
                        Files.getFileStore(repository).type(),
                        Runtime.version(),
                        String.join(", ", libraries()));
    }

    private List<String> libraries() throws IOException {
        try (Stream<Path> jars = Files.list(repository.resolve(SERVER_LIBRARIES))) {
            return jars.map(jar -> LIBRARY.matcher(jar.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(Surroundings::nameAndVersion)
                    .sorted()
                    .toList();
        }
    }

    private static String nameAndVersion(Matcher library) {
        String name =
                Stream.of(1, 2, 3)
                        .map(library::group)
                        .filter(group -> group != null)
                        .findFirst()
                        .orElseThrow();
        return name.substring(0, 1).toUpperCase(Locale.ROOT)
                + name.substring(1)
                + " "
                + library.group(4);
    }

    private static long kibibytes(String value) {
        return Long.parseLong(value.replaceAll("[^0-9]", ""));
    }

    private static String field(String file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
