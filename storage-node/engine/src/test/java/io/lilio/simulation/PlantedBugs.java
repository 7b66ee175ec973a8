package io.lilio.simulation;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Plants bugs, one after the other, into copies of the classes that they are in, and runs seeds on
 * them until one fails: {@code scripts/planted-bugs}.
 */
final class PlantedBugs {

    private final Path root;
    private final long first;
    private final long last;

    private PlantedBugs(Path root, long first, long last) {
        this.root = root;
        this.first = first;
        this.last = last;
    }

    /**
     * @param args the root of the tree, the first seed and the last, and the names of the bugs;
     *     without any, all
     */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        var planted = new PlantedBugs(root, Long.parseLong(args[1]), Long.parseLong(args[2]));
        List<String> names = List.of(args).subList(3, args.length);
        System.out.println("| planted bug | found at seed | by |\n|---|---|---|");
        for (PlantedBug bug : PlantedBug.all(root)) {
            if (names.isEmpty() || names.contains(bug.name())) {
                System.out.printf("| `%s` | %s |%n", bug.name(), planted.hunt(bug));
            }
        }
    }

    private Object hunt(PlantedBug bug) throws Exception {
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

    private Path compile(PlantedBug bug) throws IOException {
        Path tree = Files.createTempDirectory("planted");
        List<String> arguments =
                new ArrayList<>(
                        List.of("-nowarn", "-proc:none", "-implicit:none", "-d", tree.toString()));
        for (Map.Entry<String, String> file : bug.plant(root).entrySet()) {
            Path copy = tree.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, file.getValue());
            arguments.add(copy.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IOException(bug.name() + " does not compile");
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
