package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.crd.cluster.LilioCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateIdentityTest {

    private static final String SMALL = TemplateIdentity.of(Samples.small(), false);

    /**
     * An operator under which these are other ones restarts every storage node of every cluster
     * when it comes: change them only for that.
     */
    @Test
    void itIsThatOfEveryOperatorBefore() {
        assertThat(SMALL).isEqualTo("7e89aa85c76427d47f23");
        assertThat(TemplateIdentity.of(Samples.full(), true)).isEqualTo("b64192ea7deb7b48964d");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    replicas: 3            | replicas: 5
                    paused: false          | paused: true
                    deletionPolicy: Retain | deletionPolicy: Delete
                    networkPolicy: true    | networkPolicy: false
                    serviceType: ClusterIP | serviceType: NodePort
                    generation: 1          | generation: 2
                    size: 100Gi            | size: 200Gi
                    storage: 8Gi           | storage: 16Gi
                    """)
    void whatPodsDoNotShowDoesNotCount(String old, String by) {
        // The members of etcd are the last that say replicas, and pods are told of them.
        LilioCluster edited =
                Samples.smallWith(
                        yaml ->
                                Samples.replacing(old, by)
                                        .apply(yaml)
                                        .replace(
                                                "managed:\n      replicas: 5",
                                                "managed:\n      replicas: 3"));
        assertThat(TemplateIdentity.of(edited, false)).isEqualTo(SMALL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    version: 1.2.3            | version: 1.2.4
                    pullPolicy: IfNotPresent  | pullPolicy: Always
                    durability: full          | durability: relaxed
                    spread: zone              | spread: host
                    serviceType: ClusterIP    | domain: s3.example.com
                    volumesPerNode: 1         | volumesPerNode: 2
                    paused: false             | rootCredentialsSecret: mine
                    paused: false             | resources: {limits: {memory: 2Gi}}
                    paused: false             | pod: {labels: {a: b}}
                    paused: false             | pod: {annotations: {a: b}}
                    """)
    void whatPodsShowOrReadCounts(String old, String by) {
        LilioCluster edited = Samples.smallWith(Samples.replacing(old, by));
        assertThat(TemplateIdentity.of(edited, false)).isNotEqualTo(SMALL);
    }

    @Test
    void itDoesNotDependOnTheOrderOfFields() {
        LilioCluster other =
                Samples.fullWith(
                        Samples.replacing(
                                "      team: storage\n      app.kubernetes.io/name: stolen\n",
                                "      app.kubernetes.io/name: stolen\n      team: storage\n"));
        assertThat(TemplateIdentity.of(other, true))
                .isEqualTo(TemplateIdentity.of(Samples.full(), true));
    }
}
