package io.lilio.crd.generate;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * What the Javadoc of a source tree says, as plain text. Sources are parsed by the JDK's own
 * compiler; nothing is compiled.
 */
final class Javadocs {

    private final Map<String, String> texts;

    private Javadocs(Map<String, String> texts) {
        this.texts = texts;
    }

    /**
     * @param sources root of the source tree
     */
    static Javadocs read(Path sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> walk = Files.walk(sources);
                var files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> java = walk.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(java));
            Reader reader = new Reader(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                reader.scan(unit, unit.getPackageName().toString());
            }
            return new Javadocs(reader.texts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body of a type's Javadoc. */
    String of(Class<?> type) {
        return text(type.getCanonicalName());
    }

    /** The Javadoc of a constant, or what {@code @param} says of a component, as sentences. */
    String of(Class<?> type, String member) {
        String text = text(type.getCanonicalName() + "#" + member);
        String begun = Character.toUpperCase(text.charAt(0)) + text.substring(1);
        return begun.endsWith(".") ? begun : begun + ".";
    }

    private String text(String name) {
        String text = texts.get(name);
        if (text == null || text.isEmpty()) {
            throw new IllegalStateException(name + " has no Javadoc, which is its description");
        }
        return text;
    }

    private static final class Reader extends TreePathScanner<Void, String> {

        final Map<String, String> texts = new HashMap<>();
        private final DocTrees trees;

        Reader(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree tree, String outer) {
            String name = outer + "." + tree.getSimpleName();
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                texts.put(name, plain(comment.getFullBody()));
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param) {
                        texts.put(name + "#" + param.getName(), plain(param.getDescription()));
                    }
                }
            }
            return super.visitClass(tree, name);
        }

        @Override
        public Void visitVariable(VariableTree tree, String type) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                texts.put(type + "#" + tree.getName(), plain(comment.getFullBody()));
            }
            return super.visitVariable(tree, type);
        }

        private static String plain(List<? extends DocTree> parts) {
            return parts.stream()
                    .map(Reader::plain)
                    .collect(Collectors.joining())
                    .replaceAll("\\s+", " ")
                    .strip();
        }

        private static String plain(DocTree part) {
            return switch (part) {
                case TextTree text -> text.getBody();
                case LiteralTree literal -> "`" + literal.getBody().getBody().strip() + "`";
                case LinkTree link -> "`" + link.getReference().getSignature() + "`";
                default -> part.toString();
            };
        }
    }
}
