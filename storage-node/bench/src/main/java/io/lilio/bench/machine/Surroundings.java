package io.lilio.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** On what, and with which versions, is measured. */
public final class Surroundings {

    private static final Path SERVER_LIBRARIES =
            Path.of("storage-node/server/target/quarkus-app/lib/main");

    /** Names as their makers write them, and how their jars are named. */
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "Quarkus", "io.quarkus.quarkus-core",
                    "RocksDB", "org.rocksdb.rocksdbjni",
                    "Vert.x", "io.vertx.vertx-core");

    private static final Pattern VERSION = Pattern.compile("-([0-9][0-9.]*[0-9])");

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
        List<String> described = new ArrayList<>();
        try (Stream<Path> jars = Files.list(repository.resolve(SERVER_LIBRARIES))) {
            for (Path jar : jars.toList()) {
                String file = jar.getFileName().toString();
                LIBRARIES.forEach(
                        (name, prefix) -> {
                            Matcher version = VERSION.matcher(file);
                            if (file.startsWith(prefix + "-") && version.find(prefix.length())) {
                                described.add(name + " " + version.group(1));
                            }
                        });
            }
        }
        Collections.sort(described);
        return described;
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
