package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Services, budgets, the account, the monitor, and what all objects have in common. */
class ServicesTest {

    @Test
    void nodesHaveAddressesBeforeTheyAreReady() {
        Service service = NodesService.of(Samples.small());
        assertThat(service.getMetadata().getName()).isEqualTo("demo-nodes");
        assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(service.getSpec().getPorts())
                .extracting(ServicePort::getName, ServicePort::getPort)
                .containsExactly(
                        tuple("admin", 9001), tuple("rpc", 9002), tuple("management", 9003));
        assertThat(service.getSpec().getSelector())
                .isEqualTo(Labels.selecting(Samples.small(), Component.STORAGE_NODE));
    }

    @Test
    void clientsReachReadyNodesAsTheSpecSays() {
        Service small = S3Service.of(Samples.small());
        assertThat(small.getMetadata().getName()).isEqualTo("demo");
        assertThat(small.getSpec().getType()).isEqualTo("ClusterIP");
        assertThat(small.getSpec().getPublishNotReadyAddresses()).isNull();
        assertThat(small.getSpec().getPorts())
                .extracting(ServicePort::getName, ServicePort::getPort)
                .containsExactly(tuple("s3", 9000));
        Service full = S3Service.of(Samples.full());
        assertThat(full.getSpec().getType()).isEqualTo("LoadBalancer");
        assertThat(full.getMetadata().getAnnotations())
                .containsExactly(entry("example.com/load-balancer", "internal"));
        LilioCluster port =
                Samples.smallWith(
                        Samples.replacing("serviceType: ClusterIP", "serviceType: NodePort"));
        assertThat(S3Service.of(port).getSpec().getType()).isEqualTo("NodePort");
        assertThat(S3Service.endpoint(Samples.small())).isEqualTo("http://demo.shop.svc:9000");
    }

    @Test
    void etcdsMembersFindEachOtherBeforeTheyAreReady() {
        Service members = EtcdMembersService.of(Samples.small());
        assertThat(members.getMetadata().getName()).isEqualTo("demo-etcd-members");
        assertThat(members.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(members.getSpec().getPublishNotReadyAddresses()).isTrue();
        Service client = EtcdClientService.of(Samples.small());
        assertThat(client.getMetadata().getName()).isEqualTo("demo-etcd");
        assertThat(client.getSpec().getPorts())
                .extracting(ServicePort::getName, ServicePort::getPort)
                .containsExactly(tuple("client", 2379));
    }

    @Test
    void onePodOfAKindAtATimeMayBeTakenAwayAndOneThatServesNobodyAlways() {
        for (PodDisruptionBudgetSpec spec :
                List.of(
                        Budget.ofStorageNodes(Samples.small()).getSpec(),
                        Budget.ofEtcd(Samples.small()).getSpec())) {
            assertThat(spec.getMaxUnavailable().getIntVal()).isEqualTo(1);
            assertThat(spec.getUnhealthyPodEvictionPolicy()).isEqualTo("AlwaysAllow");
        }
        assertThat(Budget.ofEtcd(Samples.small()).getSpec().getSelector().getMatchLabels())
                .containsEntry("app.kubernetes.io/component", "etcd");
    }

    @Test
    void theAccountGivesNobodyAToken() {
        assertThat(PodAccount.of(Samples.small()).getAutomountServiceAccountToken()).isFalse();
    }

    @Test
    void prometheusFindsNodesAndEtcdByTheirPorts() {
        assertThat(Monitor.of(Samples.small()).getApiVersion())
                .isEqualTo("monitoring.coreos.com/v1");
        assertThat(
                        Monitor.of(Samples.small())
                                .<String>get("spec", "selector", "matchLabels", "lilio.io/cluster"))
                .isEqualTo("demo");
        assertThat(Monitor.of(Samples.small()).<List<?>>get("spec", "endpoints")).hasSize(2);
    }

    @Test
    void everyObjectIsTheClustersAndSaysSo() {
        Stream.of(Samples.small(), Samples.full())
                .forEach(
                        cluster ->
                                assertThat(AllObjects.of(cluster))
                                        .allSatisfy(object -> assertIsOf(cluster, object)));
    }

    private static void assertIsOf(LilioCluster cluster, HasMetadata object) {
        String name = cluster.getMetadata().getName();
        assertThat(object.getMetadata().getName()).startsWith(name).hasSizeLessThanOrEqualTo(63);
        assertThat(object.getMetadata().getNamespace()).isEqualTo("shop");
        assertThat(object.getMetadata().getLabels())
                .contains(
                        entry("lilio.io/cluster", name),
                        entry("app.kubernetes.io/instance", name),
                        entry("app.kubernetes.io/managed-by", "lilio-operator"));
    }

    @Test
    void statusTellsTheSelectorOfStoragePods() {
        assertThat(Labels.selectorText(Samples.small()))
                .isEqualTo(
                        "app.kubernetes.io/component=storage-node,app.kubernetes.io/instance=demo,"
                                + "app.kubernetes.io/name=lilio");
    }
}
