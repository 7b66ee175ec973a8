package io.lilio.crd.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lilio.crd.schema.Syntax;

/**
 * Bounds of Kubernetes' own types, whose classes have none: far beyond what their fields take, and
 * there for the cost of what reads them.
 */
final class KubernetesBounds {

    private static final int MAX_ITEMS = 64;
    private static final int MAX_LENGTH = 1_024;

    private KubernetesBounds() {}

    static void set(ObjectNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            schema.put("maxLength", Syntax.QUANTITY_MAX);
            schema.put("pattern", Syntax.QUANTITY);
            return;
        }
        switch (schema.path("type").asText()) {
            case "string" -> schema.put("maxLength", MAX_LENGTH);
            case "integer" -> {
                schema.put("minimum", Integer.MIN_VALUE);
                schema.put("maximum", Integer.MAX_VALUE);
            }
            case "array" -> {
                schema.put("maxItems", MAX_ITEMS);
                set((ObjectNode) schema.get("items"));
            }
            case "object" -> setInObject(schema);
            default -> {
                // true or false
            }
        }
    }

    private static void setInObject(ObjectNode schema) {
        if (schema.has("additionalProperties")) {
            schema.put("maxProperties", MAX_ITEMS);
            set((ObjectNode) schema.get("additionalProperties"));
        }
        for (JsonNode property : schema.path("properties")) {
            set((ObjectNode) property);
        }
    }
}
