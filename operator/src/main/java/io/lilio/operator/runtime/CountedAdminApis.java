package io.lilio.operator.runtime;

import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.admin.AdminApis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

/** Admin APIs whose failures are counted. Thread-safe. */
final class CountedAdminApis implements AdminApis {

    private final AdminApis apis;
    private final Consumer<String> failures;

    /**
     * @param failures is told the status of HTTP of each call that fails, or why there is none
     */
    CountedAdminApis(AdminApis apis, Consumer<String> failures) {
        this.apis = apis;
        this.failures = failures;
    }

    @Override
    public AdminApi of(List<URI> nodes, Credentials credentials) {
        return new Counted(apis.of(nodes, credentials));
    }

    private final class Counted implements AdminApi {
        private final AdminApi api;

        Counted(AdminApi api) {
            this.api = api;
        }

        @Override
        public ClusterApi cluster() {
            return counted(ClusterApi.class, api.cluster());
        }

        @Override
        public ClusterApi clusterSeenBy(int node) {
            return counted(ClusterApi.class, api.clusterSeenBy(node));
        }

        @Override
        public RingApi ring() {
            return counted(RingApi.class, api.ring());
        }

        @Override
        public OperationsApi operations() {
            return counted(OperationsApi.class, api.operations());
        }

        @Override
        public BucketsApi buckets() {
            return counted(BucketsApi.class, api.buckets());
        }

        @Override
        public KeysApi keys() {
            return counted(KeysApi.class, api.keys());
        }
    }

    private <T> T counted(Class<T> type, T api) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            try {
                                return method.invoke(api, arguments);
                            } catch (InvocationTargetException e) {
                                count(e.getTargetException());
                                throw e.getTargetException();
                            }
                        }));
    }

    private void count(Throwable failure) {
        switch (failure) {
            case AdminApiException refused -> failures.accept(Integer.toString(refused.status()));
            case AdminApiUnreachableException _ -> failures.accept("unreachable");
            default -> failures.accept("error");
        }
    }
}
