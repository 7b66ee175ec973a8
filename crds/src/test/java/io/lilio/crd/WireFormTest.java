package io.lilio.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.bucket.CredentialsSpec.Role;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec.DeletionPolicy;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.crd.cluster.ReplicationSpec.Spread;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The classes read and write what stands in resources. */
class WireFormTest {

    private static final String CLUSTER =
            """
            apiVersion: lilio.io/v1alpha1
            kind: LilioCluster
            metadata:
              name: demo
            spec:
              version: 1.2.3
              image:
                repository: registry.example.com:5000/lilio
                pullPolicy: IfNotPresent
                pullSecrets:
                  - name: registry
              replicas: 3
              replication:
                factor: 3
                writeQuorum: 2
                spread: zone
              ring:
                virtualNodes: 150
                partitions: 4096
              storage:
                size: 100Gi
                volumesPerNode: 1
                durability: full
              metadata:
                etcd:
                  endpoints:
                    - etcd-0:2379
              resources:
                limits:
                  memory: 2Gi
              pod:
                labels:
                  team: storage
                tolerations:
                  - key: dedicated
                    operator: Exists
              s3:
                serviceType: ClusterIP
              jobs:
                scrub:
                  schedule: 0 3 * * 0
                  maxBytesPerSecond: 1000000
              networkPolicy: true
              serviceMonitor: false
              allowedNamespaces:
                - photos
              paused: false
              deletionPolicy: Retain
            """;

    private final KubernetesSerialization kubernetes = new KubernetesSerialization();

    @Test
    void aClusterIsWrittenAsItWasRead() throws IOException {
        LilioCluster cluster = kubernetes.unmarshal(CLUSTER, LilioCluster.class);
        assertThat(cluster.getSpec().replication().spread()).isEqualTo(Spread.ZONE);
        assertThat(cluster.getSpec().replication().readQuorum()).isNull();
        assertThat(cluster.getSpec().storage().size()).isEqualTo(new Quantity("100Gi"));
        assertThat(json(kubernetes.asYaml(cluster))).isEqualTo(json(CLUSTER));
    }

    @Test
    void whatIsAbsentStaysAbsentAndListsAreEmpty() throws IOException {
        String bucket =
                """
                apiVersion: lilio.io/v1alpha1
                kind: LilioBucket
                metadata:
                  name: photos
                spec:
                  clusterRef:
                    name: demo
                  adoptExisting: false
                  deletionPolicy: DeleteIfEmpty
                  credentials:
                    role: read-only
                """;
        LilioBucket read = kubernetes.unmarshal(bucket, LilioBucket.class);
        assertThat(read.getSpec().versioning()).isNull();
        assertThat(read.getSpec().deletionPolicy()).isEqualTo(DeletionPolicy.DELETE_IF_EMPTY);
        assertThat(read.getSpec().credentials().role()).isEqualTo(Role.READ_ONLY);
        assertThat(read.getStatus()).isNull();
        assertThat(json(kubernetes.asYaml(read))).isEqualTo(json(bucket));
    }

    @Test
    void aFieldOfALaterVersionIsPassedOver() {
        String later = CLUSTER.replace("  replicas: 3", "  ofTomorrow: {a: 1}\n  replicas: 3");
        assertThat(kubernetes.unmarshal(later, LilioCluster.class).getSpec().replicas())
                .isEqualTo(3);
    }

    @Test
    void conditionsCarryTheirGenerationAndWholeSeconds() throws IOException {
        Condition condition =
                Condition.of(
                        ClusterConditionType.RING_CONVERGED,
                        ConditionStatus.FALSE,
                        ClusterReason.REBALANCING,
                        "12 of 4096 partitions have moved.",
                        7,
                        Instant.parse("2026-01-02T03:04:05.678Z"));
        LilioCluster cluster = new LilioCluster();
        cluster.setStatus(
                new LilioClusterStatus(
                        7L,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(condition)));
        JsonNode written = json(kubernetes.asYaml(cluster)).at("/status/conditions/0");
        assertThat(written)
                .isEqualTo(
                        json(
                                """
                                type: RingConverged
                                status: "False"
                                observedGeneration: 7
                                lastTransitionTime: "2026-01-02T03:04:05Z"
                                reason: Rebalancing
                                message: 12 of 4096 partitions have moved.
                                """));
    }

    @Test
    void aMessageIsCutToWhatTheSchemaTakes() {
        Condition condition =
                Condition.of(
                        ClusterConditionType.READY,
                        ConditionStatus.UNKNOWN,
                        ClusterReason.ADMIN_API_UNREACHABLE,
                        "x".repeat(Condition.MAX_MESSAGE + 1),
                        1,
                        Instant.EPOCH);
        assertThat(condition.message()).hasSize(Condition.MAX_MESSAGE);
    }

    private static JsonNode json(String yaml) throws IOException {
        return Definitions.YAML.readTree(yaml);
    }
}
