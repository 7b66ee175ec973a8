package io.lilio.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lilio.admin.api.ApiError;
import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The description of the admin API (OpenAPI 3.1) as its interfaces, records and their annotations
 * say it. Knows as much of OpenAPI as they use.
 */
final class OpenApiDocument {

    private static final List<Class<?>> APIS =
            List.of(
                    BucketsApi.class,
                    ClusterApi.class,
                    KeysApi.class,
                    OperationsApi.class,
                    RingApi.class);
    private static final String UUID_PATTERN =
            "[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, ObjectNode> schemas = new TreeMap<>();
    private final Map<String, ObjectNode> paths = new TreeMap<>();
    private final ObjectNode document = JSON.createObjectNode();

    private OpenApiDocument() {}

    static JsonNode ofInterfaces() {
        return new OpenApiDocument().write();
    }

    private ObjectNode write() {
        OpenAPIDefinition definition =
                ApiError.class.getPackage().getAnnotation(OpenAPIDefinition.class);
        document.put("openapi", "3.1.0");
        ObjectNode info = document.putObject("info");
        info.put("title", definition.info().title());
        info.put("version", definition.info().version());
        info.putObject("license").put("name", definition.info().license().name());
        ArrayNode tags = document.putArray("tags");
        APIS.forEach(api -> tags.addObject().put("name", tag(api)));
        ArrayNode security = document.putArray("security");
        Arrays.stream(definition.security())
                .forEach(each -> security.addObject().putArray(each.name()));
        for (Class<?> api : APIS) {
            Arrays.stream(api.getDeclaredMethods()).forEach(method -> describe(api, method));
        }
        document.set("paths", object(paths));
        ObjectNode components = document.putObject("components");
        components.set("schemas", object(schemas));
        ObjectNode schemes = components.putObject("securitySchemes");
        for (SecurityScheme scheme : definition.components().securitySchemes()) {
            schemes.putObject(scheme.securitySchemeName())
                    .put("type", scheme.type().toString())
                    .put("description", scheme.description())
                    .put("name", scheme.apiKeyName())
                    .put("in", scheme.in().toString());
        }
        return document;
    }

    private static String tag(Class<?> api) {
        return api.getAnnotation(Tag.class).name();
    }

    private static ObjectNode object(Map<String, ObjectNode> fields) {
        ObjectNode object = JSON.createObjectNode();
        fields.forEach(object::set);
        return object;
    }

    private void describe(Class<?> api, Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (http != null) {
                Path path = method.getAnnotation(Path.class);
                String whole =
                        api.getAnnotation(Path.class).value() + (path == null ? "" : path.value());
                paths.computeIfAbsent(whole, _ -> JSON.createObjectNode())
                        .set(http.value().toLowerCase(Locale.ROOT), operation(api, method));
            }
        }
    }

    private ObjectNode operation(Class<?> api, Method method) {
        ObjectNode operation = JSON.createObjectNode();
        operation.put("summary", method.getAnnotation(Operation.class).summary());
        operation.putArray("tags").add(tag(api));
        ArrayNode parameters = JSON.createArrayNode();
        for (Parameter parameter : method.getParameters()) {
            QueryParam query = parameter.getAnnotation(QueryParam.class);
            PathParam path = parameter.getAnnotation(PathParam.class);
            if (query != null) {
                parameters.add(named(query.value(), "query", parameter));
            } else if (path != null) {
                parameters.add(named(path.value(), "path", parameter).put("required", true));
            } else {
                ObjectNode body = operation.putObject("requestBody");
                body.set("content", content(parameter.getParameterizedType()));
                body.put("required", true);
            }
        }
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        operation.set("responses", responses(api, method));
        return operation;
    }

    private ObjectNode named(String name, String in, Parameter parameter) {
        var described =
                parameter.getAnnotation(
                        org.eclipse.microprofile.openapi.annotations.parameters.Parameter.class);
        ObjectNode schema =
                described == null
                        ? schema(parameter.getParameterizedType(), null)
                        : schema(parameter.getParameterizedType(), described.schema());
        ObjectNode named = JSON.createObjectNode().put("name", name).put("in", in);
        named.set("schema", schema);
        if (described != null && described.required()) {
            named.put("required", true);
        }
        return named;
    }

    private ObjectNode responses(Class<?> api, Method method) {
        ObjectNode responses = JSON.createObjectNode();
        if (method.getReturnType() == void.class) {
            responses.putObject("204").put("description", "No Content");
        } else {
            responses
                    .putObject("200")
                    .put("description", "OK")
                    .set("content", content(method.getGenericReturnType()));
        }
        APIResponse other = api.getAnnotation(APIResponse.class);
        responses
                .putObject(other.responseCode())
                .put("description", other.description())
                .set("content", content(other.content()[0].schema().implementation()));
        return responses;
    }

    private ObjectNode content(Type type) {
        ObjectNode content = JSON.createObjectNode();
        content.putObject("application/json").set("schema", schema(type, null));
        return content;
    }

    private ObjectNode schema(Type type, @Nullable Schema more) {
        ObjectNode schema = JSON.createObjectNode();
        switch (type) {
            case ParameterizedType list when list.getRawType().equals(List.class) -> {
                schema.put("type", "array");
                schema.set("items", schema(list.getActualTypeArguments()[0], null));
            }
            case ParameterizedType map when map.getRawType().equals(Map.class) -> {
                schema.put("type", "object");
                schema.set("additionalProperties", schema(map.getActualTypeArguments()[1], null));
            }
            case Class<?> record when record.isRecord() ->
                    schema.put("$ref", "#/components/schemas/" + component(record));
            case Class<?> plain -> plain(schema, plain);
            default -> throw new IllegalArgumentException("not described yet: " + type);
        }
        if (more != null) {
            constrain(schema, more);
        }
        return schema;
    }

    private static void plain(ObjectNode schema, Class<?> type) {
        if (type == String.class) {
            schema.put("type", "string");
        } else if (type == boolean.class || type == Boolean.class) {
            schema.put("type", "boolean");
        } else if (type == int.class || type == Integer.class) {
            schema.put("type", "integer").put("format", "int32");
        } else if (type == long.class || type == Long.class) {
            schema.put("type", "integer").put("format", "int64");
        } else if (type == Instant.class) {
            schema.put("type", "string").put("format", "date-time");
        } else if (type == UUID.class) {
            schema.put("type", "string").put("format", "uuid").put("pattern", UUID_PATTERN);
        } else {
            throw new IllegalArgumentException("not described yet: " + type);
        }
    }

    private static void constrain(ObjectNode schema, Schema more) {
        if (more.type() != SchemaType.DEFAULT) {
            schema.put("type", more.type().toString());
        }
        if (more.enumeration().length > 0) {
            ArrayNode allowed = schema.putArray("enum");
            Arrays.stream(more.enumeration()).forEach(allowed::add);
        }
        number(schema, "minimum", more.minimum());
        number(schema, "maximum", more.maximum());
        if (schema.path("type").asText().equals("string")) {
            text(schema, "default", more.defaultValue());
        } else {
            number(schema, "default", more.defaultValue());
        }
        text(schema, "pattern", more.pattern());
        if (more.minLength() > 0) {
            schema.put("minLength", more.minLength());
        }
        if (more.maxLength() < Integer.MAX_VALUE) {
            schema.put("maxLength", more.maxLength());
        }
        if (more.minItems() < Integer.MAX_VALUE) {
            schema.put("minItems", more.minItems());
        }
        if (more.maxItems() > Integer.MIN_VALUE) {
            schema.put("maxItems", more.maxItems());
        }
    }

    private static void text(ObjectNode schema, String name, String text) {
        if (!text.isEmpty()) {
            schema.put(name, text);
        }
    }

    private static void number(ObjectNode schema, String name, String text) {
        if (!text.isEmpty()) {
            schema.put(name, Long.parseLong(text));
        }
    }

    /** Describes a record among the components. */
    private String component(Class<?> record) {
        String name = record.getSimpleName();
        if (schemas.containsKey(name)) {
            return name;
        }
        ObjectNode schema = JSON.createObjectNode().put("type", "object");
        schemas.put(name, schema);
        Schema more = record.getAnnotation(Schema.class);
        if (more != null && more.requiredProperties().length > 0) {
            ArrayNode required = schema.putArray("required");
            Arrays.stream(more.requiredProperties()).forEach(required::add);
        }
        ObjectNode properties = schema.putObject("properties");
        for (RecordComponent each : record.getRecordComponents()) {
            Schema its = each.getAccessor().getAnnotation(Schema.class);
            properties.set(each.getName(), schema(each.getGenericType(), its));
        }
        return name;
    }
}
