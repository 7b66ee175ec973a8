package io.lilio.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes BENCHMARKS.md as the figures come, and shows them. Not thread-safe. */
public final class Report {

    private final Path file;

    /** Begins the file anew. */
    public Report(Path file) throws IOException {
        this.file = file;
        Files.writeString(file, "");
    }

    /**
     * Begins a section.
     *
     * @param command what measures its figures again
     */
    public void section(String title, String command, String text) throws IOException {
        write("\n## " + title + "\n\n`" + command + "`\n\n" + text.strip() + "\n");
    }

    /** A paragraph. */
    public void text(String text) throws IOException {
        write("\n" + text.strip() + "\n");
    }

    /** Begins a table. */
    public void table(List<String> columns) throws IOException {
        write(
                "\n| "
                        + String.join(" | ", columns)
                        + " |\n"
                        + "|---".repeat(columns.size())
                        + "|\n");
    }

    /** A row of the table that was begun last. */
    public void row(String... cells) throws IOException {
        write("| " + String.join(" | ", cells) + " |\n");
    }

    private void write(String text) throws IOException {
        System.out.print(text);
        System.out.flush();
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }
}
