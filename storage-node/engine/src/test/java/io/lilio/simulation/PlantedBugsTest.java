package io.lilio.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The planted bugs fit the engine as it is; whether they are found is asked of them by a script.
 */
class PlantedBugsTest {

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", ""), "..", "..").toAbsolutePath().normalize();
    private static final long SEEDS = 500;

    @TempDir Path tree;

    static Stream<PlantedBug> bugs() throws IOException {
        return PlantedBug.all(ROOT).stream();
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void everyPlantedBugFitsTheSourcesAndIsTriedInSomeRun(PlantedBug bug) throws IOException {
        assertThat(bug.plant(ROOT)).as("files with the bug").isNotEmpty();
        assertThat(LongStream.rangeClosed(1, SEEDS).filter(s -> Profile.of(s).has(bug.wanted())))
                .as("seeds whose runs have %s", bug.wanted())
                .hasSizeGreaterThan(10);
    }

    @Test
    void aBugIsPlantedWhereItsLinesAreNow() throws IOException {
        PlantedBug bug = bug("@@ -1,2 +1,1 @@", " one", "-two");
        Files.writeString(tree.resolve("File.java"), "zero\n\none\ntwo\nthree\n");

        assertThat(bug.plant(tree)).containsEntry("File.java", "zero\n\none\nthree\n");
    }

    @Test
    void aBugWhoseLinesHaveChangedIsNotPlanted() throws IOException {
        PlantedBug bug = bug("@@ -1,2 +1,1 @@", " one", "-two");
        Files.writeString(tree.resolve("File.java"), "one\n2\n");

        assertThatThrownBy(() -> bug.plant(tree))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not fit File.java");
    }

    private static PlantedBug bug(String... diff) {
        Stream<String> head = Stream.of("what it is", "", "--- a/File.java", "+++ b/File.java");
        return PlantedBug.parse("bug", Stream.concat(head, Stream.of(diff)).toList());
    }
}
