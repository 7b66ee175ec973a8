package io.lilio.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapListBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of the API server, to the letter, and what becomes of its answers. */
class FabricKubernetesTest {

    private static final String MAPS = "/api/v1/namespaces/lab/configmaps";
    private static final String MAP = MAPS + "/demo";
    private static final String APPLIED = "?fieldManager=lilio-operator&force=true";
    private static final String SET = "/apis/apps/v1/namespaces/lab/statefulsets/demo";
    private static final String POD = "/api/v1/namespaces/lab/pods/demo-0";
    private static final String BUCKET = "/apis/lilio.io/v1alpha1/namespaces/lab/liliobuckets/demo";
    private static final String MONITOR =
            "/apis/monitoring.coreos.com/v1/namespaces/lab/servicemonitors/demo";

    private static final StatefulSet READ_SET =
            new StatefulSetBuilder().withMetadata(read("demo").build()).build();
    private static final Pod READ_POD =
            new PodBuilder().withMetadata(read("demo-0").build()).build();

    private static final LilioBucket READ_BUCKET =
            new KubernetesSerialization()
                    .unmarshal(
                            """
                            apiVersion: lilio.io/v1alpha1
                            kind: LilioBucket
                            metadata:
                              {name: demo, namespace: lab, uid: u1, resourceVersion: "7",
                               finalizers: [lilio.io/bucket], annotations: {a: b}}
                            spec: {clusterRef: {name: demo}}
                            """,
                            LilioBucket.class);

    private final KubernetesMockServer server = new KubernetesMockServer(false);
    private KubernetesClient client;
    private FabricKubernetes kubernetes;

    @BeforeEach
    void start() {
        server.init();
        client =
                server.createClient(
                        (KubernetesClientBuilder builder) ->
                                builder.withConfig(
                                        FabricKubernetes.settings(
                                                server.createClient().getConfiguration())));
        kubernetes = new FabricKubernetes(client);
    }

    @AfterEach
    void stop() {
        client.close();
        server.destroy();
    }

    @Test
    void whatIsNotThereIsEmpty() {
        assertThat(kubernetes.get(ConfigMap.class, "lab", "demo")).isEmpty();
        assertThat(kubernetes.get(Node.class, "worker")).isEmpty();
    }

    @Test
    void whatIsThereIsReadLive() throws Exception {
        server.expect().get().withPath(MAP).andReturn(200, map("demo")).once();
        server.expect().get().withPath("/api/v1/nodes/worker").andReturn(200, node()).once();
        assertThat(kubernetes.get(ConfigMap.class, "lab", "demo")).isPresent();
        assertThat(kubernetes.get(Node.class, "worker")).isPresent();
        // A resourceVersion, be it 0, would allow the API server to answer from its cache.
        assertThat(request("GET").getPath()).doesNotContain("resourceVersion");
    }

    @Test
    void listsAreOfLabelsAndInOrder() {
        server.expect()
                .get()
                .withPath(MAPS + "?labelSelector=lilio.io%2Fcluster%3Ddemo")
                .andReturn(
                        200,
                        new ConfigMapListBuilder().withItems(map("b"), map("c"), map("a")).build())
                .once();
        assertThat(kubernetes.list(ConfigMap.class, "lab", Map.of("lilio.io/cluster", "demo")))
                .extracting(each -> each.getMetadata().getName())
                .containsExactly("a", "b", "c");
    }

    @Test
    void anObjectThatIsNotThereIsMadeByApplyingIt() throws Exception {
        server.expect().patch().withPath(MAP + APPLIED).andReturn(201, map("demo")).once();
        kubernetes.apply(owned("u1"));
        assertThat(request("GET").getPath()).isEqualTo(MAP);
        RecordedRequest patch = request("PATCH");
        assertThat(patch.getHeader("Content-Type")).startsWith("application/apply-patch+yaml");
        assertThat(body(patch).at("/metadata/uid").isMissingNode()).isTrue();
    }

    @Test
    void anObjectThatIsThereIsAppliedToTheVeryOneThatWasLookedAt() throws Exception {
        ConfigMap live = owned("u1");
        live.getMetadata().setUid("live");
        server.expect().get().withPath(MAP).andReturn(200, live).once();
        server.expect().patch().withPath(MAP + APPLIED).andReturn(200, live).once();
        ConfigMap wanted = owned("u1");
        kubernetes.apply(wanted);
        request("GET");
        assertThat(body(request("PATCH")).at("/metadata/uid").asText()).isEqualTo("live");
        assertThat(wanted.getMetadata().getUid()).as("what was given").isNull();
    }

    @Test
    void whatHasChangedSinceItWasReadIsNotApplied() throws Exception {
        StatefulSet later = new StatefulSetBuilder().withMetadata(managed("8")).build();
        server.expect().get().withPath(SET).andReturn(200, later).once();
        StatefulSet wanted = new StatefulSetBuilder().withMetadata(managed("7")).build();
        assertConflict(() -> kubernetes.apply(wanted));
        server.expect().get().withPath(SET).andReturn(404, refusal(404, "")).once();
        assertConflict(() -> kubernetes.apply(wanted));
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void whatIsStillAsItWasReadIsAppliedUnderThatVersion() throws Exception {
        StatefulSet live = new StatefulSetBuilder().withMetadata(managed("7")).build();
        server.expect().get().withPath(SET).andReturn(200, live).once();
        server.expect().patch().withPath(SET + APPLIED).andReturn(200, live).once();
        kubernetes.apply(live);
        request("GET");
        assertThat(body(request("PATCH")).at("/metadata/resourceVersion").asText()).isEqualTo("7");
    }

    private static ObjectMeta managed(String version) {
        return read("demo")
                .withResourceVersion(version)
                .addToLabels(Ownership.MANAGED_BY, FabricKubernetes.MANAGER)
                .build();
    }

    private static void assertConflict(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.isConflict()).isTrue());
    }

    @Test
    void whatBelongsToSomebodyElseIsLeftAsItIs() throws Exception {
        server.expect().get().withPath(MAP).andReturn(200, owned("another")).once();
        assertThatThrownBy(() -> kubernetes.apply(owned("u1")))
                .isInstanceOf(ForeignObjectException.class)
                .hasMessageContaining("ConfigMap lab/demo");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aGenericObjectIsAppliedWithoutAskingForItsKind() throws Exception {
        server.expect().patch().withPath(MONITOR + APPLIED).andReturn(201, monitor()).once();
        assertThat(kubernetes.apply(monitor()).getKind()).isEqualTo("ServiceMonitor");
        assertThat(request("GET").getPath()).isEqualTo(MONITOR);
    }

    @Test
    void aKindThatIsUnknownIsNotFound() {
        assertThatThrownBy(() -> kubernetes.apply(monitor()))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.status()).isEqualTo(404));
    }

    @Test
    void whatIsThereAlreadyIsNotMade() {
        server.expect().post().withPath(MAPS).andReturn(409, refusal(409, "is there")).once();
        assertThatThrownBy(() -> kubernetes.create(map("demo")))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.isConflict()).isTrue())
                .hasMessage("making ConfigMap lab/demo: is there");
    }

    @Test
    void whatWasReadIsDeletedAndNothingElse() throws Exception {
        server.expect().delete().withPath(SET).andReturn(200, refusal(200, "")).once();
        kubernetes.delete(READ_SET);
        JsonNode options = body(request("DELETE"));
        assertThat(options.at("/preconditions/uid").asText()).isEqualTo("u1");
        assertThat(options.at("/preconditions/resourceVersion").asText()).isEqualTo("7");
        assertThat(options.at("/propagationPolicy").asText()).isEqualTo("Background");
        assertThat(options.at("/kind").asText()).isEqualTo("DeleteOptions");
    }

    @Test
    void whatIsGoneIsDeletedAndWhatHasChangedIsNot() {
        kubernetes.delete(READ_SET);
        server.expect().delete().withPath(SET).andReturn(409, refusal(409, "changed")).once();
        assertThatThrownBy(() -> kubernetes.delete(READ_SET))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.isConflict()).isTrue());
    }

    @Test
    void whatWasNeverReadIsNotDeleted() {
        assertThatThrownBy(() -> kubernetes.delete(map("demo")))
                .hasMessageContaining("was never read");
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aSetIsScaledIfItIsAsItWasRead() throws Exception {
        server.expect()
                .patch()
                .withPath(SET + "?fieldManager=lilio-operator")
                .andReturn(200, READ_SET)
                .once();
        kubernetes.scale(READ_SET, 4);
        RecordedRequest patch = request("PATCH");
        assertThat(patch.getHeader("Content-Type")).startsWith("application/merge-patch+json");
        assertThat(body(patch))
                .isEqualTo(json("{'metadata':{'resourceVersion':'7'},'spec':{'replicas':4}}"));
    }

    @Test
    void aPodIsEvictedIfItIsTheOneThatWasRead() throws Exception {
        server.expect().post().withPath(POD + "/eviction").andReturn(201, READ_POD).once();
        assertThat(kubernetes.evict(READ_POD)).isTrue();
        JsonNode eviction = body(request("POST"));
        assertThat(eviction.at("/apiVersion").asText()).isEqualTo("policy/v1");
        assertThat(eviction.at("/kind").asText()).isEqualTo("Eviction");
        assertThat(eviction.at("/metadata/name").asText()).isEqualTo("demo-0");
        assertThat(eviction.at("/deleteOptions/preconditions")).isEqualTo(json("{'uid':'u1'}"));
    }

    @Test
    void aBudgetMayKeepAPodAndOneThatIsGoneIsEvicted() {
        server.expect().post().withPath(POD + "/eviction").andReturn(429, refusal(429, "")).once();
        assertThat(kubernetes.evict(READ_POD)).isFalse();
        assertThat(server.getRequestCount()).as("asked once").isEqualTo(1);
        server.expect().post().withPath(POD + "/eviction").andReturn(404, refusal(404, "")).once();
        assertThat(kubernetes.evict(READ_POD)).isTrue();
        server.expect().post().withPath(POD + "/eviction").andReturn(409, refusal(409, "")).once();
        assertThatThrownBy(() -> kubernetes.evict(READ_POD))
                .isInstanceOf(KubernetesException.class);
    }

    @Test
    void aPodWithTwoBudgetsIsToldApart() {
        server.expect()
                .post()
                .withPath(POD + "/eviction")
                .andReturn(
                        500,
                        refusal(
                                500,
                                "This pod has more than one PodDisruptionBudget, which the eviction"
                                        + " subresource does not support."))
                .once();
        assertThatThrownBy(() -> kubernetes.evict(READ_POD))
                .isInstanceOf(OverlappingBudgetsException.class)
                .hasMessageContaining("Pod lab/demo-0");
        server.expect().post().withPath(POD + "/eviction").andReturn(500, refusal(500, "")).once();
        assertThatThrownBy(() -> kubernetes.evict(READ_POD))
                .isNotInstanceOf(OverlappingBudgetsException.class);
    }

    @Test
    void aGenericObjectIsReadWithoutAskingForItsKind() throws Exception {
        assertThat(kubernetes.find(monitor())).isEmpty();
        server.expect().get().withPath(MONITOR).andReturn(200, monitor()).once();
        assertThat(kubernetes.find(monitor())).isPresent();
        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void statusIsWrittenUnderTheVersionThatWasRead() throws Exception {
        server.expect().put().withPath(BUCKET + "/status").andReturn(200, READ_BUCKET).once();
        kubernetes.writeStatus(READ_BUCKET);
        RecordedRequest put = request("PUT");
        assertThat(body(put).at("/metadata/resourceVersion").asText()).isEqualTo("7");
    }

    @Test
    void conditionsAreWrittenOverWhatIsThereAsItIs() throws Exception {
        String live =
                """
                {'apiVersion':'lilio.io/v1alpha1','kind':'LilioBucket',
                 'metadata':{'name':'demo','namespace':'lab','uid':'u1','resourceVersion':'8'},
                 'spec':{'clusterRef':{'name':'demo'},'deletionPolicy':'Donate'},
                 'status':{'ofTomorrow':{'mood':'Fine'},'conditions':[{'type':'Old'}]}}
                """
                        .replace('\'', '"');
        server.expect().get().withPath(BUCKET).andReturn(200, live).once();
        server.expect().put().withPath(BUCKET + "/status").andReturn(200, READ_BUCKET).once();
        assertThat(kubernetes.writeConditions(READ_BUCKET, List.of(Map.of("type", "Ready"))))
                .isEqualTo(READ_BUCKET);
        assertThat(request("GET").getPath()).isEqualTo(BUCKET);
        JsonNode put = body(request("PUT"));
        assertThat(put.at("/metadata/resourceVersion").asText()).isEqualTo("7");
        assertThat(put.at("/spec/deletionPolicy").asText()).isEqualTo("Donate");
        assertThat(put.at("/status"))
                .isEqualTo(json("{'ofTomorrow':{'mood':'Fine'},'conditions':[{'type':'Ready'}]}"));
    }

    @Test
    void conditionsOfWhatIsGoneAreNotFound() {
        assertThatThrownBy(() -> kubernetes.writeConditions(READ_BUCKET, List.of()))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.status()).isEqualTo(404));
    }

    @Test
    void oneResourceWithAWordOfALaterVersionKeepsNoOtherFromBeingRead() {
        server.expect()
                .get()
                .withPath("/apis/lilio.io/v1alpha1/namespaces/lab/liliobuckets")
                .andReturn(
                        200,
                        """
                        {"kind":"LilioBucketList","apiVersion":"lilio.io/v1alpha1","items":[
                         {"metadata":{"name":"a"},"spec":{"clusterRef":{"name":"demo"},
                          "deletionPolicy":"Donate","versioning":"Sometimes",
                          "credentials":{"role":"dream"}}},
                         {"metadata":{"name":"b"},"spec":{"clusterRef":{"name":"demo"},
                          "deletionPolicy":"Retain","credentials":{"role":"read-only"}}}]}
                        """)
                .once();
        List<LilioBucket> read = kubernetes.list(LilioBucket.class, "lab", Map.of());
        assertThat(read.getFirst().getSpec().deletionPolicy()).isNull();
        assertThat(read.getLast().getSpec().deletionPolicy())
                .isEqualTo(LilioBucketSpec.DeletionPolicy.RETAIN);
    }

    @Test
    void aStatusThatWasWrittenMeanwhileIsAConflict() {
        server.expect()
                .put()
                .withPath(BUCKET + "/status")
                .andReturn(409, refusal(409, "changed"))
                .once();
        assertThatThrownBy(() -> kubernetes.writeStatus(READ_BUCKET))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.isConflict()).isTrue());
        assertThat(server.getRequestCount()).as("asked once").isEqualTo(1);
    }

    @Test
    void metadataAreWrittenAloneUnderTheVersionThatWasRead() throws Exception {
        server.expect()
                .patch()
                .withPath(BUCKET + "?fieldManager=lilio-operator")
                .andReturn(200, READ_BUCKET)
                .once();
        kubernetes.writeMetadata(READ_BUCKET);
        RecordedRequest patch = request("PATCH");
        assertThat(patch.getHeader("Content-Type")).startsWith("application/json-patch+json");
        assertThat(body(patch))
                .isEqualTo(
                        json(
                                "[{'op':'replace','path':'/metadata/resourceVersion','value':'7'},"
                                        + "{'op':'add','path':'/metadata/annotations',"
                                        + "'value':{'a':'b'}},"
                                        + "{'op':'add','path':'/metadata/finalizers',"
                                        + "'value':['lilio.io/bucket']}]"));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void aServerThatIsTroubledIsAskedOnce(int status) {
        server.expect()
                .get()
                .withPath(MAP)
                .andReturn(status, refusal(status, "overloaded"))
                .withHeader("Retry-After", "60")
                .always();
        assertThatThrownBy(() -> kubernetes.get(ConfigMap.class, "lab", "demo"))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.status()).isEqualTo(status))
                .hasMessageContaining("reading ConfigMap lab/demo: overloaded");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void nonsenseAndSilenceHaveNoStatus() {
        server.expect().get().withPath(MAP).andReturn(200, "<html>").once();
        assertThatThrownBy(() -> kubernetes.get(ConfigMap.class, "lab", "demo"))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.status()).isZero());
        server.shutdown();
        assertThatThrownBy(() -> kubernetes.get(ConfigMap.class, "lab", "demo"))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.status()).isZero());
    }

    private RecordedRequest request(String method) throws InterruptedException {
        RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        assertThat(request.getMethod()).isEqualTo(method);
        return request;
    }

    private static JsonNode body(RecordedRequest request) {
        return json(request.getUtf8Body());
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectMetaBuilder read(String name) {
        return new ObjectMetaBuilder()
                .withNamespace("lab")
                .withName(name)
                .withUid("u1")
                .withResourceVersion("7");
    }

    private static ConfigMap map(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("lab")
                .withName(name)
                .endMetadata()
                .build();
    }

    private static ConfigMap owned(String owner) {
        return new ConfigMapBuilder(map("demo"))
                .editMetadata()
                .addNewOwnerReference()
                .withUid(owner)
                .endOwnerReference()
                .endMetadata()
                .build();
    }

    private static Node node() {
        return new NodeBuilder().withNewMetadata().withName("worker").endMetadata().build();
    }

    private static GenericKubernetesResource monitor() {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("monitoring.coreos.com/v1")
                .withKind("ServiceMonitor")
                .withMetadata(map("demo").getMetadata())
                .addToAdditionalProperties("spec", Map.of("endpoints", List.of()))
                .build();
    }

    private static Object refusal(int status, String message) {
        return new StatusBuilder().withCode(status).withMessage(message).build();
    }
}
