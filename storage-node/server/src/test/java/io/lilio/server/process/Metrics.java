package io.lilio.server.process;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** One scrape of {@code /q/metrics}. */
record Metrics(String text) {

    /**
     * The values of all series of exactly this name with these labels.
     *
     * @param labels name, value, name, value
     */
    DoubleStream values(String name, String... labels) {
        return text.lines()
                .filter(line -> matches(line, name, labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))));
    }

    /** The one value of the one series that matches. */
    double value(String name, String... labels) {
        double[] values = values(name, labels).toArray();
        if (values.length != 1) {
            throw new AssertionError(
                    "%d series %s%s in\n%s".formatted(values.length, name, List.of(labels), text));
        }
        return values[0];
    }

    /** The sum of what matches; zero when nothing does, as before the first event. */
    double sum(String name, String... labels) {
        return values(name, labels).sum();
    }

    private static boolean matches(String line, String name, String... labels) {
        int end = name.length();
        if (!line.startsWith(name) || line.charAt(end) != '{' && line.charAt(end) != ' ') {
            return false;
        }
        String given = "," + line.substring(end + 1);
        for (int i = 0; i < labels.length; i += 2) {
            if (!given.contains("," + labels[i] + "=\"" + labels[i + 1] + "\"")) {
                return false;
            }
        }
        return true;
    }

    /** The lines of some families, for messages. */
    String lines(String pattern) {
        return text.lines().filter(line -> line.matches(pattern)).collect(Collectors.joining("\n"));
    }
}
