package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.admin.api.ApiError;
import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.admin.AdminApis;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Failures of the admin API are counted, and stay what they were. */
class CountedAdminApisTest {

    private final List<String> failures = new ArrayList<>();

    private AdminApi failing(RuntimeException failure) {
        return new CountedAdminApis((nodes, credentials) -> new Failing(failure), failures::add)
                .of(
                        List.of(URI.create("http://demo-0:9001")),
                        new AdminApis.Credentials("a", "b", "c"));
    }

    @Test
    void whatIsRefusedIsCountedByItsStatus() {
        AdminApiException refused =
                new AdminApiException(409, new ApiError("Conflict", "no", "1", null));
        assertThatThrownBy(() -> failing(refused).ring().ring()).isSameAs(refused);
        assertThat(failures).containsExactly("409");
    }

    @Test
    void silenceAndMistakesAreCountedToo() {
        AdminApiUnreachableException silent =
                new AdminApiUnreachableException("nobody", new IllegalStateException());
        assertThatThrownBy(() -> failing(silent).cluster().brake()).isSameAs(silent);
        assertThatThrownBy(() -> failing(new IllegalStateException()).cluster().nodes())
                .isInstanceOf(IllegalStateException.class);
        assertThat(failures).containsExactly("unreachable", "error");
    }

    /** An admin API of which every call fails. */
    private record Failing(RuntimeException failure) implements AdminApi {

        private <T> T failing(Class<T> type) {
            return type.cast(
                    Proxy.newProxyInstance(
                            type.getClassLoader(),
                            new Class<?>[] {type},
                            (proxy, method, arguments) -> {
                                throw failure;
                            }));
        }

        @Override
        public ClusterApi cluster() {
            return failing(ClusterApi.class);
        }

        @Override
        public ClusterApi clusterSeenBy(int node) {
            return failing(ClusterApi.class);
        }

        @Override
        public RingApi ring() {
            return failing(RingApi.class);
        }

        @Override
        public OperationsApi operations() {
            return failing(OperationsApi.class);
        }

        @Override
        public BucketsApi buckets() {
            return failing(BucketsApi.class);
        }

        @Override
        public KeysApi keys() {
            return failing(KeysApi.class);
        }
    }
}
