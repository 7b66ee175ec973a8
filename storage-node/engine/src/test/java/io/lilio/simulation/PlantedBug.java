package io.lilio.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A bug as a patch: its first line says what the bug is, a line "profile:" what a run has to have
 * to be tried, and a unified diff how it is planted. Applied here and by no tool, which not every
 * machine has.
 *
 * @param wanted see {@link Profile#has}
 */
record PlantedBug(String name, String what, List<String> wanted, List<FileChange> changes) {

    /** Where they are, in the source tree. */
    static final String FOLDER = "storage-node/engine/src/test/planted";

    private static final String SUFFIX = ".patch";
    private static final String PROFILE = "profile: ";
    private static final String FILE = "+++ b/";
    private static final String HUNK = "@@ -";

    /** What is changed in a file, from top to bottom. */
    record FileChange(String file, List<Hunk> hunks) {}

    /**
     * Some lines that are replaced.
     *
     * @param line where they were when the patch was made, from 0
     */
    record Hunk(int line, List<String> before, List<String> after) {

        private void add(String line) {
            String text = line.isEmpty() ? "" : line.substring(1);
            if (!line.startsWith("+")) {
                before.add(text);
            }
            if (!line.startsWith("-")) {
                after.add(text);
            }
        }

        /** The nearest place where the lines are that it replaces; negative when there is none. */
        private int find(List<String> text, int near) {
            int places = text.size() - before.size() + 1;
            for (int away = 0; away < text.size(); away++) {
                for (int at : new int[] {near - away, near + away}) {
                    if (at >= 0
                            && at < places
                            && text.subList(at, at + before.size()).equals(before)) {
                        return at;
                    }
                }
            }
            return -1;
        }
    }

    /** All of a source tree, by name. */
    static List<PlantedBug> all(Path root) throws IOException {
        List<PlantedBug> bugs = new ArrayList<>();
        try (Stream<Path> patches = Files.list(root.resolve(FOLDER))) {
            for (Path patch : patches.sorted().toList()) {
                bugs.add(
                        parse(
                                patch.toFile().getName().replace(SUFFIX, ""),
                                Files.readAllLines(patch)));
            }
        }
        return bugs;
    }

    static PlantedBug parse(String name, List<String> lines) {
        List<String> wanted = new ArrayList<>();
        List<FileChange> changes = new ArrayList<>();
        Hunk hunk = null;
        for (String line : lines) {
            if (line.startsWith(FILE)) {
                changes.add(new FileChange(line.substring(FILE.length()), new ArrayList<>()));
            } else if (line.startsWith(HUNK)) {
                int first = Integer.parseInt(line.substring(HUNK.length()).split("[, ]")[0]);
                hunk = new Hunk(first - 1, new ArrayList<>(), new ArrayList<>());
                changes.getLast().hunks().add(hunk);
            } else if (line.startsWith("diff ") || line.startsWith("--- a/")) {
                hunk = null;
            } else if (hunk != null) {
                hunk.add(line);
            } else if (line.startsWith(PROFILE)) {
                wanted.addAll(List.of(line.substring(PROFILE.length()).split(" ")));
            }
        }
        return new PlantedBug(name, lines.getFirst(), List.copyOf(wanted), List.copyOf(changes));
    }

    /**
     * The files with the bug in them.
     *
     * @throws IOException when it does not fit the sources, with what does not
     */
    Map<String, String> plant(Path root) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (FileChange change : changes) {
            List<String> text =
                    new ArrayList<>(
                            List.of(Files.readString(root.resolve(change.file())).split("\n", -1)));
            int moved = 0;
            for (Hunk hunk : change.hunks()) {
                int at = hunk.find(text, hunk.line() + moved);
                if (at < 0) {
                    throw new IOException(
                            "%s does not fit %s where line %d was"
                                    .formatted(name, change.file(), hunk.line() + 1));
                }
                text.subList(at, at + hunk.before().size()).clear();
                text.addAll(at, hunk.after());
                moved = at - hunk.line() + hunk.after().size() - hunk.before().size();
            }
            texts.put(change.file(), String.join("\n", text));
        }
        return texts;
    }
}
