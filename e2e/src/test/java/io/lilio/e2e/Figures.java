package io.lilio.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/**
 * What scenarios have measured, a line each in {@code target/e2e-figures.md}, which {@code
 * scripts/e2e} removes before it begins. Used by one thread.
 */
final class Figures {

    private static final Path FILE = Path.of("target", "e2e-figures.md");

    private Figures() {}

    /** One figure, with its unit, and what it is of. */
    static void add(String what, String figure) {
        try {
            Files.createDirectories(FILE.getParent());
            if (!Files.exists(FILE)) {
                Files.writeString(FILE, "| figure | |%n|---|---|%n".formatted());
            }
            Files.writeString(
                    FILE, "| %s | %s |%n".formatted(what, figure), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One duration. */
    static void add(String what, Duration figure) {
        add(what, String.format(Locale.ROOT, "%.1f s", figure.toMillis() / 1000.0));
    }

    /** What has gone since a moment of {@link System#nanoTime}. */
    static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** A share of a span of time. */
    static String percent(Duration part, Duration whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part.toMillis() / whole.toMillis());
    }

    /** Of bytes. */
    static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
