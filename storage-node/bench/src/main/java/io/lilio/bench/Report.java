package io.lilio.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was measured, as Markdown: a head and sections. Shows everything as it comes. Not
 * thread-safe.
 */
public final class Report {

    private static final Pattern SECTION = Pattern.compile("(?ms)^## (.+?)\n(.*?)(?=^## |\\z)");

    private final String head;
    private final Map<String, StringBuilder> sections = new LinkedHashMap<>();
    private StringBuilder current = new StringBuilder();

    /**
     * @param head title, machine and versions: what has to be the same for figures to stand in one
     *     file
     */
    public Report(String head) {
        this.head = head.strip() + "\n";
        System.out.print(this.head);
    }

    /**
     * Takes over the sections of an earlier report, to be replaced one by one.
     *
     * @return false, and nothing is taken, when it does not begin with this head
     */
    public boolean goOnFrom(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        if (!text.startsWith(head)) {
            return false;
        }
        Matcher section = SECTION.matcher(text);
        while (section.find()) {
            sections.put(section.group(1), new StringBuilder(section.group(2)));
        }
        return true;
    }

    /**
     * Begins a section, in place of one with that title.
     *
     * @param command what measures its figures again
     */
    public void section(String title, String command, String text) {
        current = new StringBuilder();
        sections.put(title, current);
        System.out.print("\n## " + title + "\n");
        write("\n`" + command + "`\n\n" + text.strip() + "\n");
    }

    /** Begins a table. */
    public void table(List<String> columns) {
        write(
                "\n| "
                        + String.join(" | ", columns)
                        + " |\n"
                        + "|---".repeat(columns.size())
                        + "|\n");
    }

    /** A row of the table that was begun last. */
    public void row(String... cells) {
        write("| " + String.join(" | ", cells) + " |\n");
    }

    /** Writes everything so far. */
    public void save(Path file) throws IOException {
        StringBuilder text = new StringBuilder(head);
        sections.forEach(
                (title, body) ->
                        text.append("\n## ")
                                .append(title)
                                .append('\n')
                                .append(body.toString().stripTrailing())
                                .append('\n'));
        Files.writeString(file, text);
    }

    private void write(String text) {
        System.out.print(text);
        System.out.flush();
        current.append(text);
    }
}
