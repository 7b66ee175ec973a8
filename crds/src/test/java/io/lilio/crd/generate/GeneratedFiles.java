package io.lilio.crd.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator.Feature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lilio.crd.generate.CustomResourceDefinitions.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The committed files that are made from the classes. {@code make crds} writes them. */
public final class GeneratedFiles {

    /** What makes them anew. */
    public static final String COMMAND = "make crds";

    private static final YAMLMapper YAML =
            new YAMLMapper(
                    YAMLFactory.builder()
                            .disable(Feature.WRITE_DOC_START_MARKER)
                            .disable(Feature.SPLIT_LINES)
                            .enable(Feature.MINIMIZE_QUOTES)
                            .enable(Feature.INDENT_ARRAYS_WITH_INDICATOR)
                            .build());

    private GeneratedFiles() {}

    /**
     * @param module this module's directory
     * @return content by path
     */
    public static Map<Path, String> of(Path module) {
        Javadocs javadocs = Javadocs.read(module.resolve("src/main/java"));
        CustomResourceDefinitions definitions = new CustomResourceDefinitions(javadocs);
        Map<Resource, ObjectNode> made = new LinkedHashMap<>();
        CustomResourceDefinitions.RESOURCES.forEach(each -> made.put(each, definitions.of(each)));
        Map<Path, String> files = new LinkedHashMap<>();
        made.forEach(
                (resource, definition) ->
                        files.put(
                                module.resolve(resource.name() + ".yaml"),
                                "# Made from the classes beside it by `%s`.\n%s"
                                        .formatted(COMMAND, yaml(definition))));
        files.put(
                module.resolve("../docs/kubernetes-api.md").normalize(),
                new ApiReference(javadocs).of(made));
        return files;
    }

    private static String yaml(ObjectNode definition) {
        try {
            return YAML.writeValueAsString(definition);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes them. The one argument is this module's directory. */
    public static void main(String... arguments) throws IOException {
        for (var file : of(Path.of(arguments[0]).toAbsolutePath().normalize()).entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
        }
    }
}
