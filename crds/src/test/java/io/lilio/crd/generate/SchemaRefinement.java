package io.lilio.crd.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.lilio.crd.schema.Keyed;
import io.lilio.crd.schema.Syntax;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/**
 * Walks a schema beside the records that it was made from, and adds what the generator does not
 * know: descriptions, kinds of lists, the form of amounts, bounds of Kubernetes' own types.
 */
final class SchemaRefinement {

    private final Javadocs javadocs;

    SchemaRefinement(Javadocs javadocs) {
        this.javadocs = javadocs;
    }

    void refineRecord(ObjectNode schema, Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            ObjectNode property = property(schema, component.getName());
            property.put("description", javadocs.of(type, component.getName()));
            if (property.path("default").isObject()) {
                property.putObject("default"); // each field of it has its own
            }
            refine(property, component.getGenericType());
            Keyed keyed = component.getAnnotation(Keyed.class);
            if (keyed != null) {
                refineKeys(property, keyed.value());
            }
        }
        wholeNumbers(schema);
    }

    private static ObjectNode property(ObjectNode schema, String name) {
        return (ObjectNode) schema.get("properties").get(name);
    }

    private void refine(ObjectNode schema, Type type) {
        if (type instanceof Class<?> plain && plain.isRecord()) {
            refineRecord(schema, plain);
        } else if (type == Quantity.class) {
            refineQuantity(schema);
        } else if (type instanceof ParameterizedType generic
                && generic.getRawType() == List.class) {
            refine((ObjectNode) schema.get("items"), generic.getActualTypeArguments()[0]);
        } else if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            refine(
                    (ObjectNode) schema.get("additionalProperties"),
                    generic.getActualTypeArguments()[1]);
        } else if (type instanceof Class<?> plain
                && plain.getPackageName().startsWith("io.fabric8.")) {
            KubernetesBounds.set(schema);
        }
    }

    /** Text, since the rules compute with it. */
    private static void refineQuantity(ObjectNode schema) {
        schema.remove(List.of("anyOf", "x-kubernetes-int-or-string"));
        schema.put("type", "string");
        schema.put("minLength", 1);
        schema.put("maxLength", Syntax.QUANTITY_MAX);
        schema.put("pattern", Syntax.QUANTITY);
    }

    private static void refineKeys(ObjectNode list, String key) {
        if (key.isEmpty()) {
            list.put("x-kubernetes-list-type", "set");
            return;
        }
        list.put("x-kubernetes-list-type", "map");
        list.putArray("x-kubernetes-list-map-keys").add(key);
        ObjectNode items = (ObjectNode) list.get("items");
        ArrayNode required = items.withArray("required");
        for (JsonNode name : required) {
            if (name.asText().equals(key)) {
                return;
            }
        }
        required.add(key);
    }

    /** 3 in place of 3.0. */
    private static void wholeNumbers(ObjectNode schema) {
        for (JsonNode each : schema.get("properties")) {
            ObjectNode property = (ObjectNode) each;
            for (String bound : List.of("minimum", "maximum")) {
                if (property.has(bound)) {
                    property.put(bound, property.get(bound).asLong());
                }
            }
        }
    }
}
