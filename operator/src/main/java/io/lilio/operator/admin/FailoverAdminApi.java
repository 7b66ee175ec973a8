package io.lilio.operator.admin;

import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.ClusterStatus;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The admin API at the first node that answers. One that does not connect, does not answer in time,
 * answers 5xx, or what cannot be understood, is followed by the next; except that a call that is
 * not among the {@link IdempotentCalls} is made nowhere else once it may have arrived: the next
 * call begins elsewhere then. A node that says that its metadata do not answer is believed only
 * when no other says the contrary, since it may be its own way to them that is broken. Each node is
 * asked once a call at most. Thread-safe.
 */
final class FailoverAdminApi implements AdminApi {

    private final List<NodeApis> nodes;
    private final ClusterApi cluster;
    private final RingApi ring;
    private final OperationsApi operations;
    private final BucketsApi buckets;
    private final KeysApi keys;

    /** The one that answered last, or that is to be tried next. */
    private volatile int first;

    FailoverAdminApi(List<NodeApis> nodes) {
        this.nodes = List.copyOf(nodes);
        this.cluster = proxy(ClusterApi.class);
        this.ring = proxy(RingApi.class);
        this.operations = proxy(OperationsApi.class);
        this.buckets = proxy(BucketsApi.class);
        this.keys = proxy(KeysApi.class);
    }

    @Override
    public ClusterApi cluster() {
        return cluster;
    }

    @Override
    public ClusterApi clusterSeenBy(int node) {
        return new FailoverAdminApi(List.of(nodes.get(node))).cluster();
    }

    @Override
    public RingApi ring() {
        return ring;
    }

    @Override
    public OperationsApi operations() {
        return operations;
    }

    @Override
    public BucketsApi buckets() {
        return buckets;
    }

    @Override
    public KeysApi keys() {
        return keys;
    }

    private <T> T proxy(Class<T> api) {
        return api.cast(
                Proxy.newProxyInstance(
                        api.getClassLoader(),
                        new Class<?>[] {api},
                        (self, method, arguments) ->
                                method.getDeclaringClass() == Object.class
                                        ? ofAnyObject(self, method, arguments)
                                        : call(api, method, arguments)));
    }

    /** As {@link Object} has it: it is equal to itself alone. */
    @SuppressWarnings("ReferenceEquality")
    private Object ofAnyObject(Object self, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> self == Objects.requireNonNull(arguments)[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "admin API at " + nodes.stream().map(NodeApis::node).toList();
        };
    }

    private @Nullable Object call(
            Class<?> api, Method method, @Nullable Object @Nullable [] arguments) {
        boolean idempotent = IdempotentCalls.contain(method, arguments);
        List<String> findings = new ArrayList<>();
        NodeFailedException last = null;
        Object poor = null;
        for (int each : order()) {
            NodeApis node = nodes.get(each);
            try {
                Object answer = node.call(api, method, arguments);
                if (!isPoor(answer)) {
                    first = each;
                    return answer;
                }
                poor = poor == null ? answer : poor;
            } catch (AdminApiException refused) {
                first = each;
                throw refused;
            } catch (NodeFailedException failed) {
                findings.add(node.node() + " " + failed.finding());
                if (last != null) {
                    failed.addSuppressed(last);
                }
                last = failed;
                if (failed.sent() && !idempotent) {
                    findings.add("the others are not asked, since it may have been done");
                    first = (each + 1) % nodes.size();
                    break;
                }
            }
        }
        if (poor != null) {
            return poor;
        }
        throw new AdminApiUnreachableException(
                "No node answers: " + String.join("; ", findings), Objects.requireNonNull(last));
    }

    /** Whether another node may know better. */
    private static boolean isPoor(@Nullable Object answer) {
        return answer instanceof ClusterStatus status && !status.metadata().healthy();
    }

    /** That one, then the others as they were given. */
    private List<Integer> order() {
        List<Integer> order = new ArrayList<>();
        int start = first;
        order.add(start);
        for (int i = 0; i < nodes.size(); i++) {
            if (i != start) {
                order.add(i);
            }
        }
        return order;
    }
}
