package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageNodeConfigTest {

    @Test
    void aSmallClusterIsFoundedByItsFirstNodesOnItsOwnEtcd() {
        assertThat(settings(StorageNodeConfig.of(Samples.small(), true)))
                .isEqualTo(
                        read(
                                """
                                cluster: {initial-nodes: [demo-0, demo-1, demo-2]}
                                metadata:
                                  type: etcd
                                  etcd:
                                    endpoints:
                                    - demo-etcd-0.demo-etcd-members.shop.svc:2379
                                    - demo-etcd-1.demo-etcd-members.shop.svc:2379
                                    - demo-etcd-2.demo-etcd-members.shop.svc:2379
                                    prefix: /lilio/shop/demo/
                                backends:
                                - {name: disk1, path: /data/disk1}
                                replication: {factor: 3, spread: zone}
                                ring: {partitions: 4096, virtual-nodes: 150}
                                objects: {durability: full}
                                maintenance: {scheduler: false}
                                rpc: {secret-file: /etc/lilio/cluster/secret}
                                s3: {domains: [demo.shop.svc]}
                                shutdown: {delay: 10s, timeout: 30s}
                                """));
    }

    @Test
    void allThatTheSpecSaysIsSaid() {
        Map<?, ?> settings = settings(StorageNodeConfig.of(Samples.full(), true));
        assertThat(settings.get("replication"))
                .isEqualTo(read("{factor: 5, spread: host, write-quorum: 4, read-quorum: 2}"));
        assertThat(settings.get("objects")).isEqualTo(read("{durability: relaxed}"));
        assertThat(settings.get("s3"))
                .isEqualTo(
                        read(
                                "domains: [the-longest-name-that-a-cluster-may-have.shop.svc,"
                                        + " s3.example.com]"));
        assertThat(settings.get("backends"))
                .isEqualTo(
                        List.of(
                                read("{name: disk1, path: /data/disk1}"),
                                read("{name: disk2, path: /data/disk2}"),
                                read("{name: disk3, path: /data/disk3}")));
    }

    @Test
    void anEtcdThatWasThereIsReachedAsTheSpecSays() {
        assertThat(etcd(Samples.full(), true))
                .isEqualTo(
                        read(
                                """
                                endpoints:
                                - https://etcd-0.example.com:2379
                                - https://etcd-1.example.com:2379
                                prefix: /stores/one/
                                password-file: /etc/lilio/etcd-login/password
                                tls:
                                  ca: /etc/lilio/etcd-tls/ca.crt
                                  certificate: /etc/lilio/etcd-tls/tls.crt
                                  key: /etc/lilio/etcd-tls/tls.key
                                """));
    }

    @Test
    void aClientCertificateIsShownOnlyWhereThereIsOne() {
        assertThat(((Map<?, ?>) etcd(Samples.full(), false)).get("tls"))
                .isEqualTo(read("ca: /etc/lilio/etcd-tls/ca.crt"));
    }

    @Test
    void scalingChangesNothing() {
        LilioCluster larger =
                Samples.smallWith(Samples.replacing("replicas: 3\n  rep", "replicas: 9\n  rep"));
        assertThat(larger.getSpec().replicas()).isEqualTo(9);
        assertThat(StorageNodeConfig.of(larger, true).getData())
                .isEqualTo(StorageNodeConfig.of(Samples.small(), true).getData());
    }

    private static Object etcd(LilioCluster cluster, boolean certificate) {
        Map<?, ?> metadata =
                (Map<?, ?>) settings(StorageNodeConfig.of(cluster, certificate)).get("metadata");
        return metadata.get("etcd");
    }

    private static Map<?, ?> settings(ConfigMap map) {
        return (Map<?, ?>) read(map.getData().get("lilio.yaml")).get("lilio");
    }

    private static Map<?, ?> read(String yaml) {
        // What begins with a brace would be taken for JSON.
        return new KubernetesSerialization().unmarshal("---\n" + yaml, Map.class);
    }
}
