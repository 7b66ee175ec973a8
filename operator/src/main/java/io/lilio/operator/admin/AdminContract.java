package io.lilio.operator.admin;

import feign.Contract;
import feign.MethodMetadata;
import feign.Param;
import feign.jaxrs3.JAXRS3Contract;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How the admin API's interfaces are requests: by their JAX-RS annotations, but parameters arrive
 * as they were given, slashes and percent signs included, and a body may be absent. Each interface
 * is read once. Thread-safe.
 */
final class AdminContract implements Contract {

    private final Contract jaxRs = new JAXRS3Contract();
    private final ConcurrentMap<Class<?>, List<MethodMetadata>> known = new ConcurrentHashMap<>();

    @Override
    public List<MethodMetadata> parseAndValidateMetadata(Class<?> api) {
        return known.computeIfAbsent(api, this::read);
    }

    private List<MethodMetadata> read(Class<?> api) {
        List<MethodMetadata> calls = jaxRs.parseAndValidateMetadata(api);
        for (MethodMetadata call : calls) {
            call.template().decodeSlash(false);
            call.setBodyRequired(false);
            Map<Integer, Param.Expander> parameters = new HashMap<>();
            call.indexToName().keySet().forEach(i -> parameters.put(i, AdminContract::escaped));
            call.indexToExpander(parameters);
        }
        return calls;
    }

    /** Feign leaves alone what looks escaped, so nothing is left to it. */
    private static String escaped(Object parameter) {
        return URLEncoder.encode(parameter.toString(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}
