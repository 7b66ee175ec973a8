package io.lilio.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The committed definitions, for tests. */
final class Definitions {

    static final Path CLUSTERS = Path.of("lilioclusters.lilio.io.yaml");
    static final Path BUCKETS = Path.of("liliobuckets.lilio.io.yaml");
    static final YAMLMapper YAML = new YAMLMapper();

    private Definitions() {}

    static JsonNode read(Path file) {
        try {
            return YAML.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode version(Path file) {
        return read(file).at("/spec/versions/0");
    }

    static JsonNode schema(Path file) {
        return version(file).at("/schema/openAPIV3Schema");
    }

    /**
     * All schemas below one, by path: {@code spec.image.pullSecrets[].name}, a map's value {@code
     * labels{}}.
     */
    static Map<String, JsonNode> below(JsonNode schema) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        collect("", schema, found);
        return found;
    }

    private static void collect(String path, JsonNode schema, Map<String, JsonNode> found) {
        if (!path.isEmpty()) {
            found.put(path, schema);
        }
        String prefix = path.isEmpty() ? "" : path + ".";
        schema.path("properties")
                .properties()
                .forEach(each -> collect(prefix + each.getKey(), each.getValue(), found));
        if (schema.has("items")) {
            collect(path + "[]", schema.get("items"), found);
        }
        if (schema.has("additionalProperties")) {
            collect(path + "{}", schema.get("additionalProperties"), found);
        }
    }

    /** All rules of a schema and of those below it. */
    static List<JsonNode> rules(JsonNode schema) {
        List<JsonNode> rules = new ArrayList<>();
        schema.path("x-kubernetes-validations").forEach(rules::add);
        for (JsonNode each : below(schema).values()) {
            each.path("x-kubernetes-validations").forEach(rules::add);
        }
        return rules;
    }

    /**
     * RFC 7386: what is null in the patch goes, objects are merged, everything else is replaced.
     */
    static JsonNode merge(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode merged = target.isObject() ? target.deepCopy() : YAML.createObjectNode();
        patch.properties()
                .forEach(
                        each -> {
                            if (each.getValue().isNull()) {
                                merged.remove(each.getKey());
                            } else {
                                JsonNode former = merged.path(each.getKey());
                                merged.set(each.getKey(), merge(former, each.getValue()));
                            }
                        });
        return merged;
    }
}
