package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.cluster.EtcdSpec;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.crd.cluster.ManagedEtcdSpec;
import io.lilio.crd.cluster.ReplicationSpec;
import io.lilio.crd.cluster.ReplicationSpec.Spread;
import io.lilio.crd.cluster.S3Spec;
import io.lilio.crd.cluster.StorageSpec.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMap with the settings that all storage nodes and jobs of a cluster share. What a node
 * has for itself (its name, machine, address, memory) is in its environment, which outranks the
 * file.
 *
 * <p>A node reads it when it starts, so the settings are a part of the identity of the pods'
 * template: a change of them is brought about by restarts, one at a time.
 */
public final class StorageNodeConfig {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** After SIGTERM, until Services and load balancers have taken the pod out. */
    static final Duration SHUTDOWN_DELAY = Duration.ofSeconds(10);

    /** And for the requests that are under way then. */
    static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

    private StorageNodeConfig() {}

    /**
     * @param etcdCertificate whether the spec's {@code tlsSecret} holds a client certificate for
     *     etcd, {@code tls.crt}
     */
    public static ConfigMap of(LilioCluster cluster, boolean etcdCertificate) {
        String yaml =
                YAML.asYaml(FieldOrder.of(Map.of("lilio", settings(cluster, etcdCertificate))));
        return new ConfigMapBuilder()
                .withMetadata(
                        ObjectMetas.owned(
                                        cluster, Component.STORAGE_NODE, Names.of(cluster).config())
                                .build())
                .addToData(ServerFiles.CONFIG_FILE, yaml)
                .build();
    }

    /** What stands under {@code lilio} (docs/configuration.md). */
    static Map<String, Object> settings(LilioCluster cluster, boolean etcdCertificate) {
        LilioClusterSpec spec = cluster.getSpec();
        Names names = Names.of(cluster);
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put(
                "cluster", Map.of("initial-nodes", names.founders(spec.replication().factor())));
        settings.put(
                "metadata", Map.of("type", "etcd", "etcd", etcd(spec, names, etcdCertificate)));
        settings.put("backends", backends(spec.storage().volumesPerNode()));
        settings.put("replication", replication(spec.replication()));
        settings.put(
                "ring",
                Map.of(
                        "partitions", spec.ring().partitions(),
                        "virtual-nodes", spec.ring().virtualNodes()));
        settings.put("objects", Map.of("durability", durability(spec.storage().durability())));
        // Jobs run gc, repair, scrub and rebalance, and take up what is asked for. Trash, orphans,
        // drops and usage are each node's own, and go on.
        settings.put("maintenance", Map.of("scheduler", false));
        settings.put("rpc", Map.of("secret-file", ServerFiles.CLUSTER_SECRET_FILE));
        settings.put("s3", Map.of("domains", domains(spec.s3(), names)));
        settings.put(
                "shutdown",
                Map.of("delay", seconds(SHUTDOWN_DELAY), "timeout", seconds(SHUTDOWN_TIMEOUT)));
        return settings;
    }

    private static Map<String, Object> etcd(
            LilioClusterSpec spec, Names names, boolean certificate) {
        Map<String, Object> etcd = new LinkedHashMap<>();
        @Nullable EtcdSpec given = spec.metadata().etcd();
        String prefix = given == null ? null : given.prefix();
        etcd.put("endpoints", given == null ? managed(spec, names) : given.endpoints());
        etcd.put(
                "prefix",
                prefix == null
                        ? "/lilio/%s/%s/".formatted(names.namespace(), names.cluster())
                        : prefix);
        if (given != null && given.tlsSecret() != null) {
            etcd.put("tls", tls(certificate));
        }
        if (given != null && given.authSecret() != null) {
            etcd.put("password-file", ServerFiles.ETCD_PASSWORD);
        }
        return etcd;
    }

    private static List<String> managed(LilioClusterSpec spec, Names names) {
        @Nullable ManagedEtcdSpec managed = spec.metadata().managed();
        int members = managed == null ? 0 : managed.replicas();
        return IntStream.range(0, members)
                .mapToObj(names::etcdMember)
                .map(member -> names.address(member, names.etcdMembersService()))
                .map(address -> address + ":" + Port.ETCD_CLIENT.number())
                .toList();
    }

    private static Map<String, Object> tls(boolean certificate) {
        Map<String, Object> tls = new LinkedHashMap<>();
        tls.put("ca", ServerFiles.ETCD_AUTHORITY);
        if (certificate) {
            tls.put("certificate", ServerFiles.ETCD_CERTIFICATE);
            tls.put("key", ServerFiles.ETCD_KEY);
        }
        return tls;
    }

    private static List<Map<String, Object>> backends(int volumes) {
        return IntStream.rangeClosed(1, volumes)
                .mapToObj(StorageVolumes::backend)
                .map(
                        name ->
                                Map.<String, Object>of(
                                        "name", name, "path", StorageVolumes.path(name)))
                .toList();
    }

    private static Map<String, Object> replication(ReplicationSpec spec) {
        Map<String, Object> replication = new LinkedHashMap<>();
        replication.put("factor", spec.factor());
        replication.put("spread", spread(spec.spread()));
        if (spec.writeQuorum() != null) {
            replication.put("write-quorum", spec.writeQuorum());
        }
        if (spec.readQuorum() != null) {
            replication.put("read-quorum", spec.readQuorum());
        }
        return replication;
    }

    /** What such a ConfigMap says of copies; empty when it is not understood. */
    public static Optional<ReplicationSpec> replication(ConfigMap config) {
        Map<String, String> files = Objects.requireNonNullElse(config.getData(), Map.of());
        try {
            Map<?, ?> all =
                    YAML.unmarshal(
                            files.getOrDefault(ServerFiles.CONFIG_FILE, "{}"), LinkedHashMap.class);
            return all.get("lilio") instanceof Map<?, ?> lilio
                            && lilio.get("replication") instanceof Map<?, ?> said
                            && said.get("factor") instanceof Integer factor
                    ? Arrays.stream(Spread.values())
                            .filter(each -> spread(each).equals(said.get("spread")))
                            .findFirst()
                            .map(
                                    spread ->
                                            new ReplicationSpec(
                                                    factor,
                                                    number(said.get("write-quorum")),
                                                    number(said.get("read-quorum")),
                                                    spread))
                    : Optional.empty();
        } catch (RuntimeException _) { // what fabric8 makes of YAML that is none
            return Optional.empty();
        }
    }

    private static @Nullable Integer number(@Nullable Object value) {
        return value instanceof Integer number ? number : null;
    }

    private static String spread(Spread spread) {
        return switch (spread) {
            case HOST -> "host";
            case ZONE -> "zone";
        };
    }

    private static String durability(Durability durability) {
        return switch (durability) {
            case FULL -> "full";
            case RELAXED -> "relaxed";
        };
    }

    private static List<String> domains(S3Spec s3, Names names) {
        List<String> domains = new ArrayList<>();
        domains.add(names.address(names.storageNodes()));
        if (s3.domain() != null) {
            domains.add(s3.domain());
        }
        return domains;
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + "s";
    }
}
