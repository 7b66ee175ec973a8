package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/** The file that says who a directory is: a properties file, replaced as a whole. */
final class LabelFile {

    static final String NAME = "lilio-backend.properties";

    private static final String FORMAT = "1";

    private LabelFile() {}

    static Optional<BackendLabel> read(Path root) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(root.resolve(NAME))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String format = properties.getProperty("format");
        if (!FORMAT.equals(format)) {
            throw new IOException(
                    "%s is of format %s, this version knows format %s only"
                            .formatted(root.resolve(NAME), format, FORMAT));
        }
        try {
            return Optional.of(
                    new BackendLabel(
                            UUID.fromString(require(properties, "cluster")),
                            UUID.fromString(require(properties, "member")),
                            require(properties, "backend"),
                            require(properties, "node")));
        } catch (IllegalArgumentException e) {
            throw new IOException(root.resolve(NAME) + " is damaged: " + e.getMessage(), e);
        }
    }

    private static String require(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key);
        }
        return value;
    }

    static void write(Path root, BackendLabel label) throws IOException {
        List<String> lines =
                List.of(
                        "# This directory holds chunks of a Lilio cluster. Do not edit.",
                        "format=" + FORMAT,
                        "cluster=" + label.cluster(),
                        "member=" + label.member(),
                        "backend=" + escape(label.backend()),
                        "node=" + escape(label.node()));
        DurableFiles.replace(root.resolve(NAME), String.join("\n", lines) + "\n");
    }

    /** Backslashes are the one thing in a value that a properties file takes for something else. */
    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
