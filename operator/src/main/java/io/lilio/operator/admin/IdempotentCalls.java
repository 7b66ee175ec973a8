package io.lilio.operator.admin;

import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import jakarta.ws.rs.GET;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls that may be made again when it is not known whether they arrived: those that only look, and
 * commands that name what they are about, so that once more changes nothing. A call that is not
 * known here is none of them, as are keys made or rotated (each time another secret).
 */
final class IdempotentCalls {

    private static final Map<Class<?>, Set<String>> COMMANDS =
            Map.of(
                    ClusterApi.class,
                    Set.of("acknowledge"), // an engagement by its token
                    RingApi.class,
                    Set.of( // a change by its operationId
                            "admit",
                            "drain",
                            "cancel",
                            "markLost",
                            "replace",
                            "reweigh",
                            "relocate",
                            "readmit",
                            "remove"),
                    OperationsApi.class,
                    Set.of("cancel"),
                    BucketsApi.class,
                    Set.of("create", "setVersioning", "release", "delete"), // for an owner
                    KeysApi.class,
                    Set.of("enable", "disable", "delete"));

    private IdempotentCalls() {}

    static boolean contain(Method call, @Nullable Object @Nullable [] arguments) {
        return call.isAnnotationPresent(GET.class)
                || COMMANDS.getOrDefault(call.getDeclaringClass(), Set.of())
                        .contains(call.getName())
                || startsNamedRun(arguments);
    }

    /** A run without an id is given one by the node, each time another. */
    private static boolean startsNamedRun(@Nullable Object @Nullable [] arguments) {
        return arguments != null
                && arguments.length == 1
                && arguments[0] instanceof OperationRequest request
                && request.id() != null;
    }
}
