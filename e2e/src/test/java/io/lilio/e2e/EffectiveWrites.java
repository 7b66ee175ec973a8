package io.lilio.e2e;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingStatus;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells writes that changed something from those that did not, by looking at what they are about
 * before and after, and asks somebody after each whether its answer is to be passed back. Leases,
 * events and reviews of rights do not count.
 */
final class EffectiveWrites {

    private static final List<String> NO_STATE =
            List.of("/leases", "/events", "authorization.k8s.io", "authentication.k8s.io");

    /** Where the spec has a generation, which status and controllers do not raise. */
    private static final List<String> METADATA =
            List.of(
                    "uid",
                    "generation",
                    "deletionTimestamp",
                    "finalizers",
                    "labels",
                    "annotations",
                    "ownerReferences");

    private final List<String> all = new CopyOnWriteArrayList<>();
    private final StoreCluster cluster;
    private final Kubernetes kubernetes;
    private final Predicate<String> answer;

    /**
     * @param answer whether the answer to a write that changed something is passed back
     */
    EffectiveWrites(Kubernetes kubernetes, StoreCluster cluster, Predicate<String> answer) {
        this.kubernetes = kubernetes;
        this.cluster = cluster;
        this.answer = answer;
    }

    /** Those so far, such as {@code PATCH /apis/apps/v1/...}, in order. */
    List<String> all() {
        return List.copyOf(all);
    }

    /** How many of them have this in their path. */
    long about(String part) {
        return all.stream().filter(write -> write.contains(part)).count();
    }

    private boolean happened(String write) {
        all.add(write);
        return answer.test(write);
    }

    /** For the proxy before the API server. */
    WriteProxy.Listener ofApiServer() {
        return new WriteProxy.Listener() {

            @Override
            public String before(String method, String target) {
                return state(target);
            }

            @Override
            public boolean after(String method, String target, String before, int status) {
                String path = path(target);
                if (status < 200 || status > 299 || NO_STATE.stream().anyMatch(path::contains)) {
                    return true;
                }
                boolean made = method.equals("POST") && object(target).equals(path);
                return !made && state(target).equals(before) || happened(method + " " + path);
            }
        };
    }

    /** For the proxies before the admin API. */
    WriteProxy.Listener ofAdminApi() {
        return new WriteProxy.Listener() {

            @Override
            public String before(String method, String target) {
                return admin();
            }

            @Override
            public boolean after(String method, String target, String before, int status) {
                return status < 200
                        || status > 299
                        || admin().equals(before)
                        || happened(method + " " + path(target));
            }
        };
    }

    private static String path(String target) {
        return target.split("\\?", 2)[0];
    }

    /** The object that a path is about, without its subresource. */
    private static String object(String target) {
        String path = path(target);
        return Stream.of("/status", "/scale", "/eviction")
                .filter(path::endsWith)
                .findFirst()
                .map(end -> path.substring(0, path.length() - end.length()))
                .orElse(path);
    }

    /**
     * What a write to a path may change of an object, and controllers of Kubernetes do not; empty
     * when there is no such object.
     */
    private String state(String target) {
        @Nullable Object found = metadata(target, kubernetes.client());
        if (!(found instanceof Map<?, ?> metadata)) {
            return "";
        }
        boolean ofSpec = metadata.containsKey("generation") && !path(target).endsWith("/status");
        return ofSpec
                ? METADATA.stream().map(metadata::get).toList().toString()
                : String.valueOf(metadata.get("resourceVersion"));
    }

    /** Null when there is no such object. */
    private static @Nullable Object metadata(String target, KubernetesClient client) {
        try {
            String json = client.raw(object(target));
            return json == null ? null : Serialization.unmarshal(json, Map.class).get("metadata");
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /** Who is in the ring, the change under way, and the runs that were asked for. */
    private String admin() {
        AdminClient admin = cluster.admin();
        RingStatus ring = admin.ring();
        Map<String, String> states = new TreeMap<>();
        ring.members().forEach(member -> states.put(member.id().toString(), member.state()));
        List<String> runs =
                Stream.of("rebalance", "repair", "scrub", "gc")
                        .flatMap(kind -> admin.operations(kind).stream())
                        .map(OperationStatus::id)
                        .sorted()
                        .toList();
        return "%d %s %s %s".formatted(ring.epoch(), ring.operation(), states, runs);
    }
}
