package io.lilio.simulation;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Plants bugs, one after the other, into copies of the classes that they are in, and runs seeds on
 * them until one fails: {@code scripts/planted-bugs}.
 */
final class PlantedBugs {

    private static final String PATCHES = "storage-node/engine/src/test/planted";
    private static final String PROFILE = "profile: ";

    private final Path root;
    private final long first;
    private final long last;

    private PlantedBugs(Path root, long first, long last) {
        this.root = root;
        this.first = first;
        this.last = last;
    }

    /**
     * A patch, whose first line says what the bug is.
     *
     * @param wanted what a run has to have to be tried (see {@link Profile#has}): its line
     *     "profile:"
     * @param files that it changes
     */
    private record Bug(
            String name, Path patch, String what, List<String> wanted, List<String> files) {

        static Bug read(Path patch) throws IOException {
            List<String> lines = Files.readAllLines(patch);
            return new Bug(
                    patch.toFile().getName().replace(".patch", ""),
                    patch,
                    lines.getFirst(),
                    lines.stream()
                            .filter(line -> line.startsWith(PROFILE))
                            .flatMap(line -> Stream.of(line.substring(PROFILE.length()).split(" ")))
                            .toList(),
                    lines.stream()
                            .filter(line -> line.startsWith("+++ b/"))
                            .map(line -> line.substring("+++ b/".length()))
                            .toList());
        }
    }

    /**
     * @param args the root of the tree, the first seed and the last, and the names of the bugs;
     *     without any, all
     */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        var planted = new PlantedBugs(root, Long.parseLong(args[1]), Long.parseLong(args[2]));
        List<String> names = List.of(args).subList(3, args.length);
        for (Bug bug : planted.bugs(names)) {
            System.out.printf("| `%s` | %s | %s |%n", bug.name(), bug.what(), planted.hunt(bug));
        }
    }

    private List<Bug> bugs(List<String> names) throws IOException {
        List<Bug> bugs = new ArrayList<>();
        try (Stream<Path> patches = Files.list(root.resolve(PATCHES))) {
            for (Path patch : patches.sorted().toList()) {
                Bug bug = Bug.read(patch);
                if (names.isEmpty() || names.contains(bug.name())) {
                    bugs.add(bug);
                }
            }
        }
        return bugs;
    }

    private Object hunt(Bug bug) throws Exception {
        Path classes;
        try {
            classes = compile(bug);
        } catch (IOException e) {
            return e.getMessage() + " |";
        }
        try (URLClassLoader loader = loader(classes)) {
            var hunt =
                    loader.loadClass(Simulations.class.getName())
                            .getDeclaredMethod("hunt", long.class, long.class, List.class);
            hunt.setAccessible(true);
            return hunt.invoke(null, first, last, bug.wanted());
        }
    }

    private Path compile(Bug bug) throws IOException, InterruptedException {
        Path tree = Files.createTempDirectory("planted");
        List<String> arguments =
                new ArrayList<>(
                        List.of("-nowarn", "-proc:none", "-implicit:none", "-d", tree.toString()));
        for (String file : bug.files()) {
            Path copy = tree.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(root.resolve(file), copy);
            arguments.add(copy.toString());
        }
        Process apply =
                new ProcessBuilder("git", "apply", "--recount", bug.patch().toString())
                        .directory(tree.toFile())
                        .inheritIO()
                        .start();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (apply.waitFor() != 0
                || compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IOException(bug.name() + " does not fit the tree");
        }
        return tree;
    }

    /** All classes anew, those with the bug before the others. */
    private static URLClassLoader loader(Path classes) throws MalformedURLException {
        List<URL> urls = new ArrayList<>(List.of(classes.toUri().toURL()));
        for (String entry : System.getProperty("java.class.path").split(":")) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
