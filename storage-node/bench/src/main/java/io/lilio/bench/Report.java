package io.lilio.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
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
     * A report in place of an earlier one, with its head and its sections, to be replaced one by
     * one.
     *
     * @param head when there is no earlier one
     */
    public static Report continuing(Path file, String head) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : head;
        Matcher section = SECTION.matcher(text);
        Report report = new Report(section.find() ? text.substring(0, section.start()) : text);
        report.goOnFrom(file);
        return report;
    }

    /**
     * Takes over sections of an earlier report, under whatever head they stand there, which this
     * one does not have. Absent ones are passed over.
     */
    public void keep(Path file, Collection<String> titles) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        Matcher section = SECTION.matcher(text);
        while (section.find()) {
            if (titles.contains(section.group(1))) {
                sections.putIfAbsent(section.group(1), new StringBuilder(section.group(2)));
            }
        }
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

    /** A paragraph of the section that was begun last. */
    public void text(String paragraph) {
        write("\n" + paragraph.strip() + "\n");
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
