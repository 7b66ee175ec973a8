package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** A cluster that nobody changes causes no writes, however busy its clients are. */
@Tag("kubernetes")
@TestInstance(Lifecycle.PER_CLASS)
class QuietTest {

    private static final Duration IDLE =
            Duration.ofMinutes(Integer.getInteger("lilio.idle.minutes", 10));

    private static final Duration GROWTH = Duration.ofMinutes(4);

    /** Usage is looked at every 90 s at the latest, and written once a minute at most. */
    private static final Duration SETTLING = Duration.ofMinutes(3);

    /** What nobody but the operator and people write. */
    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(
                    LilioCluster.class,
                    LilioBucket.class,
                    Secret.class,
                    ConfigMap.class,
                    Service.class,
                    ServiceAccount.class,
                    NetworkPolicy.class,
                    PersistentVolumeClaim.class);

    private final Opened opened = new Opened();
    private Testbed testbed;
    private Site site;
    private OperatorRun operator;

    @BeforeAll
    void start() {
        testbed = opened.add(Testbed.open());
        site = opened.add(new Site(testbed, Chart.render("quiet"), List.of("demo")));
        operator = opened.add(site.operator("operator-0"));
        operator.awaitReady();
        site.makeCluster("demo");
        site.makeBucket("photos", "demo");
        site.awaitSettled("demo", 3, Duration.ofMinutes(5));
        site.awaitBucket("photos", Duration.ofMinutes(2));
        site.store("demo").fill(100_000, 10L << 30);
    }

    @AfterAll
    void stop() {
        opened.close();
    }

    @Test
    void nothingIsWrittenWhileClientsKeepTheirLevel() {
        try (Usage usage = new Usage(List.of(site.store("demo")), Usage::level)) {
            Await.pause(SETTLING);
            site.proxy().forget();
            long calls = testbed.nodes().calls();
            int changes = usage.changes();
            Map<String, String> versions = versions();

            Await.pause(IDLE);

            assertThat(site.proxy().writes()).as("writes in %s", IDLE).isEmpty();
            assertThat(versions()).as("resourceVersions").isEqualTo(versions);
            assertThat(usage.changes() - changes)
                    .as("changes of usage meanwhile")
                    .isGreaterThan((int) IDLE.toSeconds());
            assertThat(testbed.nodes().calls() - calls)
                    .as("questions to storage nodes meanwhile")
                    .isGreaterThan(2 * IDLE.toMinutes());
            assertThat(operator.isAlive()).isTrue();
        }
    }

    @Test
    void whatGrowsIsToldOnceAMinuteAtMost() {
        long most = GROWTH.toMinutes() + 1;
        site.proxy().forget();
        try (Usage _ = new Usage(List.of(site.store("demo")), Usage::growing)) {
            Await.pause(GROWTH);
        }
        for (String resource : List.of("lilioclusters/demo", "liliobuckets/photos")) {
            long writes =
                    site.proxy().writes().stream()
                            .filter(each -> each.path().endsWith(resource + "/status"))
                            .count();
            assertThat(writes)
                    .as("writes of %s in %s: %s", resource, GROWTH, site.proxy().writes())
                    .isBetween(1L, most);
        }
        assertThat(site.proxy().writes())
                .as("writes of anything but status")
                .allSatisfy(each -> assertThat(each.path()).endsWith("/status"));
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        for (Class<? extends HasMetadata> kind : KINDS) {
            site.client()
                    .resources(kind)
                    .inNamespace(site.namespace())
                    .list()
                    .getItems()
                    .forEach(
                            each ->
                                    versions.put(
                                            each.getKind() + " " + each.getMetadata().getName(),
                                            each.getMetadata().getResourceVersion()));
        }
        return versions;
    }
}
