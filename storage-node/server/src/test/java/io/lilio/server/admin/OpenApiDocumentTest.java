package io.lilio.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The description that is served is a copy: it has to say what the interfaces say. */
class OpenApiDocumentTest {

    private static final List<Class<?>> APIS =
            List.of(ClusterApi.class, KeysApi.class, OperationsApi.class, RingApi.class);

    private static JsonNode document() throws IOException {
        return new ObjectMapper().readTree(new OpenApiResource().document());
    }

    @Test
    void itHasEveryPathWithItsMethodAndNoOther() throws IOException {
        Set<String> declared = new TreeSet<>();
        for (Class<?> api : APIS) {
            for (Method method : api.getDeclaredMethods()) {
                for (Annotation annotation : method.getAnnotations()) {
                    HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
                    if (http != null) {
                        Path path = method.getAnnotation(Path.class);
                        declared.add(
                                http.value().toLowerCase(Locale.ROOT)
                                        + " "
                                        + api.getAnnotation(Path.class).value()
                                        + (path == null ? "" : path.value()));
                    }
                }
            }
        }
        Set<String> described = new TreeSet<>();
        document()
                .path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .properties()
                                        .forEach(
                                                method ->
                                                        described.add(
                                                                method.getKey()
                                                                        + " "
                                                                        + path.getKey())));
        described.remove("get /openapi");
        assertThat(described).isEqualTo(declared);
    }

    @Test
    void itHasEveryFieldOfEveryRecord() throws IOException {
        JsonNode schemas = document().at("/components/schemas");
        for (Class<?> record : records()) {
            Set<String> described = new TreeSet<>();
            schemas.path(record.getSimpleName())
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(described::add);
            Set<String> declared = new TreeSet<>();
            for (RecordComponent component : record.getRecordComponents()) {
                declared.add(component.getName());
            }
            assertThat(described).as(record.getSimpleName()).isEqualTo(declared);
        }
    }

    /** Whatever the interfaces take or answer, and what that consists of. */
    private static Set<Class<?>> records() {
        Deque<Type> next = new ArrayDeque<>();
        for (Class<?> api : APIS) {
            for (Method method : api.getDeclaredMethods()) {
                next.add(method.getGenericReturnType());
                next.addAll(Arrays.asList(method.getGenericParameterTypes()));
            }
        }
        Set<Class<?>> records = new HashSet<>();
        while (!next.isEmpty()) {
            Type type = next.poll();
            if (type instanceof ParameterizedType generic) {
                next.addAll(Arrays.asList(generic.getActualTypeArguments()));
            } else if (type instanceof Class<?> plain && plain.isRecord() && records.add(plain)) {
                for (RecordComponent component : plain.getRecordComponents()) {
                    next.add(component.getGenericType());
                }
            }
        }
        return records;
    }
}
