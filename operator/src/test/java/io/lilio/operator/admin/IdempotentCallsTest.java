package io.lilio.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import jakarta.ws.rs.GET;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every call of the admin API is known to be repeatable, or known not to be. */
class IdempotentCallsTest {

    private static final Set<String> ONCE =
            Set.of("KeysApi.create", "KeysApi.rotate", "OperationsApi.start");

    private static final Set<String> AGAIN =
            Set.of(
                    "ClusterApi.acknowledge",
                    "RingApi.admit",
                    "RingApi.drain",
                    "RingApi.cancel",
                    "RingApi.markLost",
                    "RingApi.replace",
                    "RingApi.reweigh",
                    "RingApi.relocate",
                    "RingApi.readmit",
                    "RingApi.remove",
                    "OperationsApi.cancel",
                    "BucketsApi.create",
                    "BucketsApi.setVersioning",
                    "BucketsApi.release",
                    "BucketsApi.delete",
                    "KeysApi.enable",
                    "KeysApi.disable",
                    "KeysApi.delete");

    private static Stream<Method> calls() {
        return Stream.of(
                        ClusterApi.class,
                        RingApi.class,
                        OperationsApi.class,
                        BucketsApi.class,
                        KeysApi.class)
                .flatMap(api -> Arrays.stream(api.getMethods()));
    }

    private static String name(Method call) {
        return call.getDeclaringClass().getSimpleName() + "." + call.getName();
    }

    /** Fails for a command that is new to the admin API: look at it, and write it down here. */
    @Test
    void everyCommandWasLookedAt() {
        assertThat(calls().filter(call -> !call.isAnnotationPresent(GET.class)))
                .extracting(IdempotentCallsTest::name)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(ONCE, AGAIN).flatMap(Set::stream).toList());
    }

    @Test
    void commandsAreRepeatableThatChangeNothingTheSecondTime() {
        assertThat(
                        calls().filter(call -> !call.isAnnotationPresent(GET.class))
                                .filter(call -> IdempotentCalls.contain(call, new Object[1]))
                                .map(IdempotentCallsTest::name)
                                .collect(Collectors.toSet()))
                .isEqualTo(AGAIN);
    }

    @Test
    void whatOnlyLooksIsRepeatable() {
        List<Method> looks = calls().filter(call -> call.isAnnotationPresent(GET.class)).toList();

        assertThat(looks).isNotEmpty().allMatch(call -> IdempotentCalls.contain(call, null));
    }

    @Test
    void aRunIsRepeatableUnderAName() throws Exception {
        Method start = OperationsApi.class.getMethod("start", OperationRequest.class);

        assertThat(
                        IdempotentCalls.contain(
                                start, new Object[] {new OperationRequest("gc", "gc-1", null)}))
                .isTrue();
        assertThat(
                        IdempotentCalls.contain(
                                start, new Object[] {new OperationRequest("gc", null, null)}))
                .isFalse();
    }
}
