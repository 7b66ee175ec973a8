package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.admin.AdminApis;
import io.lilio.operator.simulation.Calls.Target;
import io.lilio.operator.simulation.Calls.Write;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The admin API as one process of the operator sees it. */
final class FaultyAdminApis implements AdminApis {

    private static final Set<String> READS =
            Set.of("ring", "list", "get", "cluster", "nodes", "members", "brake");

    private final Scene scene;
    private final SimulatedLilio impostor;
    private final Calls calls;

    FaultyAdminApis(Scene scene, SimulatedLilio impostor, Calls calls) {
        this.scene = scene;
        this.impostor = impostor;
        this.calls = calls;
    }

    @Override
    public AdminApi of(List<URI> nodes, Credentials credentials) {
        return new AdminApi() {
            @Override
            public ClusterApi cluster() {
                return watched(ClusterApi.class, () -> lilio().cluster());
            }

            @Override
            public ClusterApi clusterSeenBy(int node) {
                return watched(ClusterApi.class, () -> lilio().clusterSeenBy(node));
            }

            @Override
            public RingApi ring() {
                return watched(RingApi.class, () -> lilio().ring());
            }

            @Override
            public OperationsApi operations() {
                return watched(OperationsApi.class, () -> lilio().operations());
            }

            @Override
            public BucketsApi buckets() {
                return watched(BucketsApi.class, () -> lilio().buckets());
            }

            @Override
            public KeysApi keys() {
                return watched(KeysApi.class, () -> lilio().keys());
            }
        };
    }

    private SimulatedLilio lilio() {
        if (scene.weather.isOn(Weather.ANOTHER_CLUSTER_ANSWERS)) {
            scene.coverage.count("another cluster was asked");
            return impostor;
        }
        if (!scene.lilio.answers()) {
            throw new AdminApiUnreachableException("connection refused", null);
        }
        return scene.lilio;
    }

    private <T> T watched(Class<T> type, Supplier<T> real) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> call(type, real, method, arguments)));
    }

    private <T> Object call(Class<T> type, Supplier<T> real, Method method, Object[] arguments) {
        String what = type.getSimpleName() + "." + method.getName();
        if (READS.contains(method.getName())) {
            calls.reading(Target.ADMIN_API, what);
            return invoke(method, real.get(), arguments);
        }
        HasMetadata named =
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(Arrays.toString(arguments))
                        .endMetadata()
                        .build();
        return calls.writing(
                Target.ADMIN_API,
                new Write(what, named, 0),
                () -> invoke(method, real.get(), arguments));
    }

    /** What calls without an answer answer is nothing that anybody looks at. */
    private static Object invoke(Method method, Object target, Object[] arguments) {
        try {
            Object answer = method.invoke(target, arguments);
            return answer == null ? "" : answer;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
