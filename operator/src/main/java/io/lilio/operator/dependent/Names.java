package io.lilio.operator.dependent;

import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the objects of a cluster are called. A cluster's name has 40 characters at most, so that all
 * of these fit into what Kubernetes takes: 63 for Services, pods and Jobs, 52 for StatefulSets and
 * CronJobs.
 *
 * @param cluster the name of the LilioCluster
 * @param namespace that it and all its objects are in
 */
public record Names(String cluster, String namespace) {

    /** Hexadecimal digits of a run's id that its Job is told apart by. */
    private static final int RUN_DIGITS = 12;

    /** Those of a cluster. */
    public static Names of(LilioCluster cluster) {
        return new Names(cluster.getMetadata().getName(), cluster.getMetadata().getNamespace());
    }

    /**
     * The StatefulSet of the storage nodes; also the S3 Service, the PodDisruptionBudget, the
     * NetworkPolicy and the ServiceMonitor of theirs, and the ServiceAccount of all pods.
     */
    public String storageNodes() {
        return cluster;
    }

    /** A storage node's pod, which is also the node's name in the ring. */
    public String storageNode(int ordinal) {
        return storageNodes() + "-" + ordinal;
    }

    /** The nodes that found a cluster: as many as it keeps copies, whatever its size is. */
    public List<String> founders(int factor) {
        return IntStream.range(0, factor).mapToObj(this::storageNode).toList();
    }

    /** The claim of the volume of a storage pod that a backend is on. */
    public String claim(String backend, String pod) {
        return StorageVolumes.volumeOf(backend) + "-" + pod;
    }

    /** The headless Service that gives storage pods their addresses. */
    public String nodesService() {
        return cluster + "-nodes";
    }

    /** The ConfigMap with the storage nodes' settings. */
    public String config() {
        return cluster + "-config";
    }

    /** The Secret that nodes prove to each other. */
    public String clusterSecret() {
        return cluster + "-cluster";
    }

    /** The Secret with the administrator's key that is generated where the spec names none. */
    public String generatedRootSecret() {
        return cluster + "-root";
    }

    /** The Secret with the administrator's key. */
    public String rootSecret(LilioClusterSpec spec) {
        return Optional.ofNullable(spec.rootCredentialsSecret()).orElse(generatedRootSecret());
    }

    /** The StatefulSet of etcd; also its client Service, PodDisruptionBudget and NetworkPolicy. */
    public String etcd() {
        return cluster + "-etcd";
    }

    /** The headless Service that gives etcd's pods their addresses. */
    public String etcdMembersService() {
        return cluster + "-etcd-members";
    }

    /** An etcd member's pod, which is also the member's name. */
    public String etcdMember(int ordinal) {
        return etcd() + "-" + ordinal;
    }

    /** The claim of the volume of an etcd member. */
    public String etcdClaim(int ordinal) {
        return EtcdSet.DATA + "-" + etcdMember(ordinal);
    }

    /** Where an etcd member answers clients, for everybody in the same Kubernetes. */
    public URI etcdClient(int ordinal) {
        return URI.create(
                url(address(etcdMember(ordinal), etcdMembersService()), Port.ETCD_CLIENT));
    }

    /** Where the other members of etcd reach one, as its cluster lists it. */
    public URI etcdPeer(int ordinal) {
        return URI.create(url(address(etcdMember(ordinal), etcdMembersService()), Port.ETCD_PEER));
    }

    /** The CronJob of a kind of maintenance. */
    public String schedule(MaintenanceKind kind) {
        return cluster + "-" + kind.text();
    }

    /**
     * The Job of a run: always the same for the same id, so that there is never a second one.
     *
     * @param operation the run's id
     */
    public String run(MaintenanceKind kind, String operation) {
        String digest = Digests.sha256(operation.getBytes(StandardCharsets.UTF_8));
        return schedule(kind) + "-" + digest.substring(0, RUN_DIGITS);
    }

    /** Where a storage pod's admin API is, for everybody in the same Kubernetes. */
    public URI adminApi(String pod) {
        return URI.create(url(address(pod, nodesService()), Port.ADMIN));
    }

    /** Where clients in the same Kubernetes reach S3. */
    public URI endpoint() {
        return URI.create(url(address(storageNodes()), Port.S3));
    }

    private static String url(String host, Port port) {
        return "http://" + host + ":" + port.number();
    }

    /**
     * The DNS name of a pod, which stays the same when the pod is made again.
     *
     * @param service the headless one of its StatefulSet
     */
    public String address(String pod, String service) {
        return pod + "." + address(service);
    }

    /** The DNS name of a Service, as every pod of the same Kubernetes knows it. */
    public String address(String service) {
        return service + "." + namespace + ".svc";
    }
}
