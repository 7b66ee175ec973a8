package io.lilio.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.EtcdMember;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * A real API server takes the definitions, and refuses what they do not allow, with their words.
 */
@Tag("kubernetes")
@TestInstance(Lifecycle.PER_CLASS)
class ApiServerTest {

    private static final JsonNode CLUSTER =
            yaml(
                    """
                    apiVersion: lilio.io/v1alpha1
                    kind: LilioCluster
                    metadata: {name: demo}
                    spec:
                      version: 1.2.3
                      image: {repository: lilio}
                      storage: {size: 10Gi}
                      metadata: {managed: {}}
                    """);

    private static final JsonNode BUCKET =
            yaml(
                    """
                    apiVersion: lilio.io/v1alpha1
                    kind: LilioBucket
                    metadata: {name: photos}
                    spec:
                      clusterRef: {name: demo}
                    """);

    /**
     * A resource that somebody applies.
     *
     * @param base what is there, or what is made
     * @param before merged into the base to give what is there
     * @param patch merged into what is there
     * @param refusal a part of the answer; empty when it is taken
     */
    record Case(JsonNode base, String before, String patch, String refusal) {

        static Case cluster(String patch, String refusal) {
            return new Case(CLUSTER, "{}", patch, refusal);
        }

        static Case cluster(String before, String patch, String refusal) {
            return new Case(CLUSTER, before, patch, refusal);
        }

        static Case bucket(String patch, String refusal) {
            return new Case(BUCKET, "{}", patch, refusal);
        }

        static Case bucket(String before, String patch, String refusal) {
            return new Case(BUCKET, before, patch, refusal);
        }

        @Override
        public String toString() {
            return "%s %s %s".formatted(base.path("kind").asText(), before, patch);
        }
    }

    static final List<Case> MADE =
            List.of(
                    Case.cluster("{}", ""),
                    Case.cluster("metadata: {name: " + "a".repeat(40) + "}", ""),
                    Case.cluster(
                            "metadata: {name: " + "a".repeat(41) + "}",
                            "metadata.name has to be at most 40"),
                    Case.cluster("metadata: {name: a.b}", "begin with a letter"),
                    Case.cluster("metadata: {name: 1a}", "begin with a letter"),
                    Case.cluster("spec: null", "spec: Required value"),
                    Case.cluster("spec: {version: null}", "spec.version: Required value"),
                    Case.cluster("spec: {version: latest}", "version has to name a release"),
                    Case.cluster("spec: {version: a b}", "spec.version in body should match"),
                    Case.cluster("spec: {image: {repository: 'r.example.com:5000/a/lilio'}}", ""),
                    Case.cluster("spec: {image: {repository: 'lilio:1.2.3'}}", "should match"),
                    Case.cluster("spec: {image: {repository: 'lilio@sha256:00'}}", "should match"),
                    Case.cluster("spec: {replicas: 0}", "greater than or equal to 1"),
                    Case.cluster("spec: {replicas: 101}", "less than or equal to 100"),
                    Case.cluster("spec: {replicas: 2}", "at least replication.factor"),
                    Case.cluster("spec: {replicas: 1, replication: {factor: 1}}", ""),
                    Case.cluster("spec: {replicas: 2, replication: {factor: 2}}", ""),
                    Case.cluster(
                            "spec: {replicas: 5, replication: {factor: 6}}",
                            "at least replication.factor"),
                    Case.cluster("spec: {replication: {factor: 0}}", "greater than or equal to 1"),
                    Case.cluster(
                            "spec: {replicas: 40, replication: {factor: 33}}",
                            "less than or equal to 32"),
                    Case.cluster("spec: {replication: {writeQuorum: 3}}", ""),
                    Case.cluster("spec: {replication: {writeQuorum: 1}}", ""),
                    Case.cluster("spec: {replication: {writeQuorum: 1, readQuorum: 3}}", ""),
                    Case.cluster("spec: {replication: {readQuorum: 2}}", ""),
                    Case.cluster("spec: {replication: {readQuorum: 1}}", "read may miss"),
                    Case.cluster(
                            "spec: {replication: {writeQuorum: 1, readQuorum: 2}}",
                            "has to be greater than replication.factor"),
                    Case.cluster(
                            "spec: {replication: {writeQuorum: 4}}",
                            "writeQuorum cannot be greater than replication.factor"),
                    Case.cluster(
                            "spec: {replication: {readQuorum: 4}}",
                            "readQuorum cannot be greater than replication.factor"),
                    Case.cluster(
                            "spec: {replicas: 4, replication: {factor: 4, readQuorum: 2}}", ""),
                    Case.cluster(
                            "spec: {replicas: 4, replication: {factor: 4, readQuorum: 1}}",
                            "read may miss"),
                    Case.cluster("spec: {replication: {writeQuorum: 0}}", "or equal to 1"),
                    Case.cluster("spec: {replication: {spread: rack}}", "Unsupported value"),
                    Case.cluster("spec: {ring: {virtualNodes: 0}}", "or equal to 1"),
                    Case.cluster("spec: {ring: {partitions: 65537}}", "or equal to 65536"),
                    Case.cluster("spec: {storage: {size: null}}", "storage.size: Required value"),
                    Case.cluster("spec: {storage: {size: 1023Mi}}", "storage.size has to be"),
                    Case.cluster("spec: {storage: {size: 1.5Ti}}", ""),
                    Case.cluster("spec: {storage: {size: '10e9'}}", ""),
                    Case.cluster("spec: {storage: {size: 10GB}}", "should match"),
                    Case.cluster("spec: {storage: {size: -10Gi}}", "should match"),
                    Case.cluster("spec: {storage: {size: 10737418240}}", "must be of type string"),
                    Case.cluster("spec: {storage: {storageClassName: ''}}", "at least 1 chars"),
                    Case.cluster("spec: {storage: {volumesPerNode: 11}}", "or equal to 10"),
                    Case.cluster("spec: {storage: {durability: none}}", "Unsupported value"),
                    Case.cluster("spec: {metadata: null}", "spec.metadata: Required value"),
                    Case.cluster("spec: {metadata: {managed: null}}", "set exactly one of"),
                    Case.cluster(
                            "spec: {metadata: {etcd: {endpoints: ['a:2379']}}}",
                            "set exactly one of"),
                    Case.cluster(
                            "spec: {metadata: {managed: null, etcd: {endpoints: ['a:2379']}}}", ""),
                    Case.cluster(
                            "spec: {metadata: {managed: null, etcd: {endpoints:"
                                    + " ['https://a:2379', 'https://[::1]:2379'],"
                                    + " prefix: /a/, tlsSecret: t, authSecret: s}}}",
                            ""),
                    Case.cluster(
                            "spec: {metadata: {managed: null, etcd: {endpoints:"
                                    + " ['https://a:2379', 'b:2379']}}}",
                            "put https:// before all"),
                    Case.cluster(
                            "spec: {metadata: {managed: null, etcd: {endpoints: []}}}",
                            "at least 1 items"),
                    Case.cluster(
                            "spec: {metadata: {managed: null, etcd: {endpoints: ['a']}}}",
                            "should match"),
                    Case.cluster(
                            "spec: {metadata: {managed: null, etcd: {endpoints: ['a:1', 'a:1']}}}",
                            "Duplicate value"),
                    Case.cluster("spec: {metadata: {managed: {replicas: 5}}}", ""),
                    Case.cluster("spec: {metadata: {managed: {replicas: 2}}}", "1, 3 or 5"),
                    Case.cluster("spec: {metadata: {managed: {storage: 1Mi}}}", "at least 1Gi"),
                    Case.cluster("spec: {pod: {tolerations: [{operator: Exists}]}}", ""),
                    Case.cluster("spec: {pod: {labels: {a: " + "b".repeat(64) + "}}}", "63"),
                    Case.cluster(
                            "spec: {resources: {requests: {cpu: 1, memory: 512Mi},"
                                    + " limits: {memory: 1Gi}}}",
                            ""),
                    Case.cluster("spec: {resources: {limits: {memory: lots}}}", "should match"),
                    Case.cluster("spec: {s3: {serviceType: ExternalName}}", "Unsupported value"),
                    Case.cluster("spec: {jobs: {scrub: {schedule: '0 3 * * 0'}}}", ""),
                    Case.cluster("spec: {jobs: {scrub: {schedule: '*/15 * * * MON-FRI'}}}", ""),
                    Case.cluster("spec: {jobs: {gc: {schedule: '@daily'}}}", ""),
                    Case.cluster("spec: {jobs: {gc: {schedule: daily}}}", "should match"),
                    Case.cluster("spec: {jobs: {gc: {maxBytesPerSecond: 1}}}", "65536"),
                    Case.cluster("spec: {jobs: {rebalance: {maxBytesPerSecond: 65536}}}", ""),
                    Case.cluster(
                            "spec: {jobs: {rebalance: {schedule: '@daily'}}}",
                            "leave jobs.rebalance.schedule out"),
                    Case.cluster("spec: {allowedNamespaces: [a, a]}", "Duplicate value"),
                    Case.cluster("spec: {allowedNamespaces: [A]}", "should match"),
                    Case.cluster("spec: {deletionPolicy: Recycle}", "Unsupported value"),
                    Case.bucket("{}", ""),
                    Case.bucket("spec: null", "spec: Required value"),
                    Case.bucket("spec: {clusterRef: null}", "spec.clusterRef: Required value"),
                    Case.bucket("spec: {clusterRef: {namespace: storage}}", ""),
                    Case.bucket("spec: {clusterRef: {namespace: a.b}}", "should match"),
                    Case.bucket("spec: {bucketName: my.photos-2026}", ""),
                    Case.bucket("spec: {bucketName: ab}", "at least 3 chars"),
                    Case.bucket("spec: {bucketName: " + "a".repeat(64) + "}", "more than 63"),
                    Case.bucket("spec: {bucketName: Photos}", "3 to 63 of a-z"),
                    Case.bucket("spec: {bucketName: -ab}", "3 to 63 of a-z"),
                    Case.bucket("spec: {bucketName: ab.}", "3 to 63 of a-z"),
                    Case.bucket("spec: {bucketName: a..b}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: 192.168.5.4}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: 192.168.5.4a}", ""),
                    Case.bucket("spec: {bucketName: xn--a}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: sthree-a}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: amzn-s3-demo-a}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: a-s3alias}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: a--ol-s3}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: a.mrap}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: a--x-s3}", "S3 reserves"),
                    Case.bucket("spec: {bucketName: a--table-s3}", "S3 reserves"),
                    Case.bucket("metadata: {name: ab}", "3 to 63 of a-z"),
                    Case.bucket("metadata: {name: ab}\nspec: {bucketName: abc}", ""),
                    Case.bucket("metadata: {name: " + "a".repeat(64) + "}", "3 to 63 of a-z"),
                    Case.bucket("spec: {versioning: 'Off'}", "Unsupported value"),
                    Case.bucket("spec: {deletionPolicy: Delete}", "Unsupported value"),
                    Case.bucket("spec: {credentials: {role: admin}}", "Unsupported value"),
                    Case.bucket("spec: {credentials: {secretName: A}}", "should match"));

    private static final String ETCD =
            "spec: {metadata: {managed: null, etcd: {endpoints: ['a:2379'], prefix: /a/}}}";
    private static final String FIVE = "spec: {replicas: 7, replication: {factor: 5}}";

    static final List<Case> CHANGED =
            List.of(
                    Case.cluster("{}", "spec: {version: 1.2.4, replicas: 5, paused: true}", ""),
                    Case.cluster("{}", "spec: {replicas: 2}", "at least replication.factor"),
                    Case.cluster(FIVE, "spec: {replication: {factor: 3}}", "factor is fixed"),
                    Case.cluster(FIVE, "spec: {replication: {factor: null}}", "factor is fixed"),
                    Case.cluster(FIVE, "spec: {replication: null}", "factor is fixed"),
                    Case.cluster("{}", "spec: {replication: null}", ""),
                    Case.cluster("{}", "spec: {replication: {writeQuorum: 3}}", ""),
                    Case.cluster("{}", "spec: {ring: {partitions: 8192}}", "partitions is fixed"),
                    Case.cluster(
                            "spec: {ring: {partitions: 64}}",
                            "spec: {ring: null}",
                            "partitions is fixed"),
                    Case.cluster(
                            "{}", "spec: {ring: {virtualNodes: 151}}", "virtualNodes is fixed"),
                    Case.cluster(
                            "spec: {ring: {virtualNodes: 64}}",
                            "spec: {ring: {virtualNodes: null}}",
                            "virtualNodes is fixed"),
                    Case.cluster("{}", ETCD, "cannot move between etcd and managed"),
                    Case.cluster(
                            ETCD,
                            "spec: {metadata: {etcd: null, managed: {}}}",
                            "cannot move between etcd and managed"),
                    Case.cluster(ETCD, "spec: {metadata: {etcd: {endpoints: ['b:1', 'c:1']}}}", ""),
                    Case.cluster(
                            ETCD,
                            "spec: {metadata: {etcd: {prefix: /b/}}}",
                            "metadata.etcd.prefix is fixed"),
                    Case.cluster(
                            ETCD,
                            "spec: {metadata: {etcd: {prefix: null}}}",
                            "metadata.etcd.prefix is fixed"),
                    Case.cluster(
                            "spec: {metadata: {managed: null, etcd: {endpoints: ['a:2379']}}}",
                            "spec: {metadata: {etcd: {prefix: /b/}}}",
                            "metadata.etcd.prefix is fixed"),
                    Case.cluster("{}", "spec: {metadata: {managed: {replicas: 5}}}", ""),
                    Case.cluster("{}", "spec: {metadata: {managed: {storage: 16Gi}}}", ""),
                    Case.cluster(
                            "{}",
                            "spec: {metadata: {managed: {storage: 7Gi}}}",
                            "metadata.managed.storage can only grow"),
                    Case.cluster(
                            "spec: {metadata: {managed: {storage: 20Gi}}}",
                            "spec: {metadata: {managed: {storage: null}}}",
                            "metadata.managed.storage can only grow"),
                    Case.cluster("{}", "spec: {storage: {size: 20Gi}}", ""),
                    Case.cluster("{}", "spec: {storage: {size: 10240Mi}}", ""),
                    Case.cluster(
                            "{}", "spec: {storage: {size: 10G}}", "storage.size can only grow"),
                    Case.cluster(
                            "{}",
                            "spec: {storage: {storageClassName: fast}}",
                            "storageClassName is fixed"),
                    Case.cluster(
                            "spec: {storage: {storageClassName: fast}}",
                            "spec: {storage: {storageClassName: null}}",
                            "storageClassName is fixed"),
                    Case.cluster(
                            "spec: {storage: {storageClassName: fast}}",
                            "spec: {storage: {storageClassName: slow}}",
                            "storageClassName is fixed"),
                    Case.cluster(
                            "{}",
                            "spec: {storage: {volumesPerNode: 2}}",
                            "volumesPerNode is fixed"),
                    Case.cluster(
                            "spec: {storage: {volumesPerNode: 2}}",
                            "spec: {storage: {volumesPerNode: null}}",
                            "volumesPerNode is fixed"),
                    Case.cluster("{}", "spec: null", "spec: Required value"),
                    Case.bucket(
                            "{}",
                            "spec: {versioning: Enabled, deletionPolicy: DeleteAll,"
                                    + " adoptExisting: true, credentials: {secretName: other}}",
                            ""),
                    Case.bucket("{}", "spec: {bucketName: photos}", ""),
                    Case.bucket("{}", "spec: {bucketName: films}", "bucketName cannot be changed"),
                    Case.bucket(
                            "spec: {bucketName: films}",
                            "spec: {bucketName: photos}",
                            "bucketName cannot be changed"),
                    Case.bucket(
                            "spec: {bucketName: films}",
                            "spec: {bucketName: null}",
                            "bucketName cannot be changed"),
                    Case.bucket("spec: {bucketName: photos}", "spec: {bucketName: null}", ""),
                    Case.bucket("{}", "spec: {clusterRef: {name: other}}", "clusterRef cannot be"),
                    Case.bucket("{}", "spec: {clusterRef: {namespace: a}}", "clusterRef cannot be"),
                    Case.bucket(
                            "spec: {clusterRef: {namespace: a}}",
                            "spec: {clusterRef: {namespace: b}}",
                            "clusterRef cannot be"),
                    Case.bucket(
                            "spec: {clusterRef: {namespace: a}}",
                            "spec: {clusterRef: {namespace: null}}",
                            "clusterRef cannot be"));

    private ApiServer server;

    @BeforeAll
    void defineResources() {
        server = new ApiServer();
    }

    @AfterEach
    void removeWhatWasMade() {
        server.removeResources();
    }

    @AfterAll
    void leaveNothing() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @FieldSource("MADE")
    void whatIsMadeIsJudged(Case each) {
        JsonNode resource = Definitions.merge(each.base(), yaml(each.patch()));
        assertThat(server.refusalToMake(resource).orElse("")).satisfies(told -> check(each, told));
    }

    @ParameterizedTest
    @FieldSource("CHANGED")
    void whatIsChangedIsJudgedByWhatItWas(Case each) {
        JsonNode there = server.make(Definitions.merge(each.base(), yaml(each.before())));
        JsonNode changed = Definitions.merge(there, yaml(each.patch()));
        assertThat(server.refusalToChange(changed).orElse("")).satisfies(told -> check(each, told));
    }

    private static void check(Case each, String told) {
        if (each.refusal().isEmpty()) {
            assertThat(told).isEmpty();
        } else {
            assertThat(told).contains(each.refusal());
        }
    }

    @Test
    void theSameRulesHoldWhenAClusterIsScaled() {
        server.make(CLUSTER);
        Resource<LilioCluster> cluster = cluster();
        assertThatThrownBy(() -> cluster.scale(replicas(2)))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("replicas has to be at least replication.factor");
        assertThatThrownBy(() -> cluster.scale(replicas(101)))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("less than or equal to 100");
        cluster.scale(replicas(5));
        assertThat(cluster.get().getSpec().replicas()).isEqualTo(5);
    }

    @Test
    void defaultsAreWrittenIntoTheResourceAndTheStatusIsApart() {
        server.make(CLUSTER);
        LilioCluster made = cluster().get();
        assertThat(made.getSpec().replication().factor()).isEqualTo(3);
        assertThat(made.getSpec().replication().writeQuorum()).isNull();
        assertThat(made.getSpec().ring().partitions()).isEqualTo(4_096);
        made.setStatus(
                new LilioClusterStatus(
                        1L,
                        "00000000-0000-4000-8000-000000000000",
                        1L,
                        3,
                        2,
                        "lilio.io/cluster=demo",
                        "1.2.3",
                        "http://demo." + ApiServer.NAMESPACE + ":9000",
                        null,
                        List.of(),
                        List.of(new EtcdMember("demo-etcd-0", "6f1d", "8e9e05c52164694d", false)),
                        null,
                        List.of(
                                Condition.of(
                                        ClusterConditionType.READY,
                                        ConditionStatus.FALSE,
                                        ClusterReason.PODS_NOT_READY,
                                        "2 of 3 pods are ready.",
                                        1,
                                        Instant.EPOCH))));
        server.client().resource(made).updateStatus();
        LilioCluster told = cluster().get();
        assertThat(told.getStatus()).isEqualTo(made.getStatus());
        assertThat(told.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(cluster().scale().getStatus().getSelector()).isEqualTo("lilio.io/cluster=demo");
    }

    private Resource<LilioCluster> cluster() {
        return server.client()
                .resources(LilioCluster.class)
                .inNamespace(ApiServer.NAMESPACE)
                .withName("demo");
    }

    private static Scale replicas(int count) {
        return new ScaleBuilder()
                .withNewMetadata()
                .withName("demo")
                .withNamespace(ApiServer.NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withReplicas(count)
                .endSpec()
                .build();
    }

    private static JsonNode yaml(String text) {
        try {
            JsonNode node = Definitions.YAML.readTree(text);
            return node instanceof ObjectNode object ? object : Definitions.YAML.createObjectNode();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
