package io.lilio.crd.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lilio.crd.ConditionReason;
import io.lilio.crd.ConditionType;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.generate.CustomResourceDefinitions.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A page with every field, rule, condition and reason. */
final class ApiReference {

    /** Fields of Kubernetes' own types, which Kubernetes describes. */
    private static final Map<String, String> OF_KUBERNETES =
            Map.of(
                    "affinity", "Affinity",
                    "tolerations", "Toleration",
                    "topologySpreadConstraints", "TopologySpreadConstraint",
                    "securityContext", "PodSecurityContext",
                    "resources", "ResourceRequirements",
                    "pullSecrets", "LocalObjectReference");

    private final Javadocs javadocs;
    private final StringBuilder page = new StringBuilder();

    ApiReference(Javadocs javadocs) {
        this.javadocs = javadocs;
    }

    String of(Map<Resource, ObjectNode> definitions) {
        line("# The custom resources");
        line("");
        line(
                "Group `lilio.io`, version `v1alpha1`. Made from the classes in `crds/` by `"
                        + GeneratedFiles.COMMAND
                        + "`; `kubectl explain liliocluster.spec` tells the same.");
        definitions.forEach(this::resource);
        return page.toString();
    }

    private void resource(Resource resource, ObjectNode definition) {
        JsonNode schema = definition.at("/spec/versions/0/schema/openAPIV3Schema");
        line("");
        line("## " + definition.at("/spec/names/kind").asText());
        line("");
        line(schema.get("description").asText());
        for (String part : List.of("spec", "status")) {
            JsonNode fields = schema.get("properties").get(part);
            line("");
            line("### `" + part + "`");
            line("");
            line(fields.get("description").asText());
            line("");
            line("| field | | |");
            line("|---|---|---|");
            fields(fields, "");
        }
        List<String> rules = new ArrayList<>();
        rules(schema, rules);
        line("");
        line("### Rules");
        line("");
        line("What breaks one of these is refused with this message:");
        line("");
        rules.forEach(rule -> line("- " + rule));
        if (resource.type() == LilioCluster.class) {
            conditions(ClusterConditionType.values(), ClusterReason.values());
        } else if (resource.type() == LilioBucket.class) {
            conditions(BucketConditionType.values(), BucketReason.values());
        }
    }

    private void fields(JsonNode object, String prefix) {
        Set<String> required = new HashSet<>();
        object.path("required").forEach(name -> required.add(name.asText()));
        Map<String, JsonNode> properties = new TreeMap<>();
        object.path("properties")
                .properties()
                .forEach(e -> properties.put(e.getKey(), e.getValue()));
        properties.forEach(
                (name, schema) -> {
                    boolean list = schema.path("type").asText().equals("array");
                    String path = prefix + name + (list ? "[]" : "");
                    String form = form(name, schema, required.contains(name));
                    line("| `%s` | %s | %s |".formatted(path, form, text(schema)));
                    if (!OF_KUBERNETES.containsKey(name)) {
                        fields(list ? schema.get("items") : schema, path + ".");
                    }
                });
    }

    private static String text(JsonNode schema) {
        return schema.get("description").asText().replace("|", "\\|");
    }

    private static String form(String name, JsonNode schema, boolean required) {
        List<String> parts = new ArrayList<>();
        String ofKubernetes = OF_KUBERNETES.get(name);
        if (ofKubernetes != null) {
            parts.add("Kubernetes' " + ofKubernetes);
        } else if (schema.has("enum")) {
            List<String> values = new ArrayList<>();
            schema.get("enum").forEach(value -> values.add("`" + value.asText() + "`"));
            parts.add(String.join(" or ", values));
        } else if (schema.has("minimum") && schema.has("maximum")) {
            parts.add("%,d to %,d".formatted(bound(schema, "minimum"), bound(schema, "maximum")));
        } else {
            parts.add(schema.path("type").asText());
        }
        if (schema.has("maxItems") || schema.has("maxProperties")) {
            JsonNode most =
                    schema.has("maxItems") ? schema.get("maxItems") : schema.get("maxProperties");
            parts.add("at most %,d".formatted(most.asLong()));
        }
        JsonNode value = schema.path("default");
        if (value.isValueNode()) {
            parts.add("default `" + value.asText() + "`");
        }
        if (required) {
            parts.add("required");
        }
        return String.join(", ", parts);
    }

    private static long bound(JsonNode schema, String name) {
        return schema.get(name).asLong();
    }

    private static void rules(JsonNode schema, List<String> rules) {
        schema.path("x-kubernetes-validations")
                .forEach(rule -> rules.add(rule.get("message").asText()));
        schema.path("properties").forEach(property -> rules(property, rules));
        if (schema.has("items")) {
            rules(schema.get("items"), rules);
        }
    }

    private void conditions(ConditionType[] types, ConditionReason[] reasons) {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (ConditionType type : types) {
            meanings.put(type.text(), javadocs.of(type.getClass(), ((Enum<?>) type).name()));
        }
        table("Conditions", "condition", meanings);
        meanings.clear();
        for (ConditionReason reason : reasons) {
            meanings.put(reason.text(), javadocs.of(reason.getClass(), ((Enum<?>) reason).name()));
        }
        table("Reasons", "reason", meanings);
    }

    private void table(String title, String column, Map<String, String> meanings) {
        line("");
        line("### " + title);
        line("");
        line("| " + column + " | |");
        line("|---|---|");
        meanings.forEach((name, meaning) -> line("| `%s` | %s |".formatted(name, meaning)));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
