package io.lilio.maintenance.brake;

import io.lilio.metadata.Progress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A {@link Seen} as lines of {@code name=value}, the last of them a CRC32C of all before it in
 * eight hexadecimal digits. The first form had no such line, and knew neither tokens nor
 * acknowledgements; the second knew no beats. Both are still read.
 */
final class SeenText {

    private static final String CHECKSUM = "crc32c=";
    private static final Set<String> FIRST_FORM = Set.of("cluster", "revision", "engaged");

    private SeenText() {}

    static String of(Seen seen) {
        var text = new StringBuilder();
        line(text, "cluster", seen.cluster());
        line(text, "revision", seen.progress().revision());
        line(text, "acknowledged", seen.progress().acknowledged());
        line(text, "beats", seen.progress().beats());
        seen.engaged()
                .ifPresent(
                        why -> {
                            line(text, "engaged", why.reason());
                            line(text, "token", why.token());
                            line(text, "orphaned", why.orphaned());
                        });
        return text + CHECKSUM + checksum(text.toString()) + '\n';
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(name).append('=').append(value).append('\n');
    }

    /**
     * @throws IllegalArgumentException when it is not what was written
     */
    static Seen parse(String text) {
        int checked = text.lastIndexOf('\n' + CHECKSUM) + 1;
        if (checked == 0) {
            return firstForm(lines(text));
        }
        String content = text.substring(0, checked);
        if (!text.equals(content + CHECKSUM + checksum(content) + '\n')) {
            throw new IllegalArgumentException("its checksum differs");
        }
        Map<String, String> lines = lines(content);
        Optional<Engagement> engaged =
                lines.containsKey("engaged")
                        ? Optional.of(
                                new Engagement(
                                        text(lines, "token"),
                                        text(lines, "engaged"),
                                        number(lines, "orphaned")))
                        : Optional.empty();
        return new Seen(
                UUID.fromString(text(lines, "cluster")),
                new Progress(
                        number(lines, "acknowledged"),
                        lines.containsKey("beats") ? number(lines, "beats") : 0,
                        number(lines, "revision")),
                engaged);
    }

    private static Seen firstForm(Map<String, String> lines) {
        if (!FIRST_FORM.containsAll(lines.keySet())) {
            throw new IllegalArgumentException("it has no checksum");
        }
        return new Seen(
                UUID.fromString(text(lines, "cluster")),
                new Progress(0, 0, number(lines, "revision")),
                Optional.ofNullable(lines.get("engaged")).map(SeenText::withoutToken));
    }

    private static Engagement withoutToken(String reason) {
        return new Engagement(Engagement.token(reason.hashCode()), reason, 0);
    }

    private static Map<String, String> lines(String text) {
        Map<String, String> lines = new HashMap<>();
        text.lines()
                .forEach(
                        line -> {
                            int end = line.indexOf('=');
                            if (end < 0
                                    || lines.put(line.substring(0, end), line.substring(end + 1))
                                            != null) {
                                throw new IllegalArgumentException("not a line of it: " + line);
                            }
                        });
        return lines;
    }

    private static String text(Map<String, String> lines, String name) {
        String value = lines.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no line " + name);
        }
        return value;
    }

    private static long number(Map<String, String> lines, String name) {
        return Long.parseLong(text(lines, name));
    }

    private static String checksum(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }
}
