package io.lilio.operator.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.lilio.admin.api.ApiError;
import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests of the admin API as calls of its interfaces, by their JAX-RS annotations. */
final class AdminRoutes {

    /** What goes back. */
    record Answer(int status, byte[] json) {}

    /**
     * A request as it came.
     *
     * @param target path and query, as they were sent
     */
    record Request(String method, URI target, byte[] body) {}

    private record Route(
            String verb, Pattern path, Method method, Function<AdminApi, Object> part) {}

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .build();

    private final List<Route> routes = new ArrayList<>();

    AdminRoutes() {
        add(ClusterApi.class, AdminApi::cluster);
        add(RingApi.class, AdminApi::ring);
        add(OperationsApi.class, AdminApi::operations);
        add(BucketsApi.class, AdminApi::buckets);
        add(KeysApi.class, AdminApi::keys);
    }

    private void add(Class<?> api, Function<AdminApi, Object> part) {
        for (Method method : api.getMethods()) {
            Path under = method.getAnnotation(Path.class);
            String path =
                    api.getAnnotation(Path.class).value() + (under == null ? "" : under.value());
            Pattern pattern = Pattern.compile(path.replaceAll("\\{(\\w+)}", "(?<$1>[^/]+)"));
            routes.add(new Route(verb(method), pattern, method, part));
        }
    }

    private static String verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                return verb.value();
            }
        }
        throw new AssertionError(method + " is no call");
    }

    /** Whether a request may change something. */
    static boolean isWrite(Request request) {
        return !request.method().equals("GET");
    }

    Answer answer(AdminApi api, Request request) {
        for (Route route : routes) {
            Matcher path = route.path().matcher(request.target().getRawPath());
            if (route.verb().equals(request.method()) && path.matches()) {
                return call(route, path, api, request);
            }
        }
        return error(404, "NotFound", "there is no " + request.target());
    }

    private static Answer call(Route route, Matcher path, AdminApi api, Request request) {
        try {
            Object result =
                    route.method()
                            .invoke(
                                    route.part().apply(api),
                                    arguments(route.method(), path, request));
            return result == null
                    ? new Answer(204, new byte[0])
                    : new Answer(200, JSON.writeValueAsBytes(result));
        } catch (InvocationTargetException e) {
            return failure(e.getTargetException());
        } catch (IOException | ReflectiveOperationException e) {
            return error(400, "InvalidRequest", String.valueOf(e.getMessage()));
        }
    }

    private static Answer failure(Throwable thrown) {
        return switch (thrown) {
            case AdminApiException e -> error(e.status(), e.code(), String.valueOf(e.getMessage()));
            case AdminApiUnreachableException e ->
                    error(503, "NotReady", String.valueOf(e.getMessage()));
            default -> error(500, "InternalError", thrown.toString());
        };
    }

    static Answer error(int status, String code, String message) {
        try {
            return new Answer(
                    status, JSON.writeValueAsBytes(new ApiError(code, message, "1", null)));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable Object[] arguments(Method method, Matcher path, Request request)
            throws IOException {
        Map<String, String> query = query(request.target());
        @Nullable Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            Parameter parameter = method.getParameters()[i];
            PathParam inPath = parameter.getAnnotation(PathParam.class);
            QueryParam inQuery = parameter.getAnnotation(QueryParam.class);
            if (inPath != null) {
                arguments[i] = decode(path.group(inPath.value()));
            } else if (inQuery != null) {
                arguments[i] = query.get(inQuery.value());
            } else if (request.body().length > 0) {
                arguments[i] = JSON.readValue(request.body(), parameter.getType());
            }
        }
        return arguments;
    }

    private static Map<String, String> query(URI target) {
        Map<String, String> query = new HashMap<>();
        Optional.ofNullable(target.getRawQuery()).stream()
                .flatMap(text -> Arrays.stream(text.split("&")))
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> query.put(decode(pair[0]), decode(pair[1])));
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
