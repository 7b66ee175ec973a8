package io.lilio.operator.dependent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.lilio.crd.cluster.LilioCluster;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Jobs and CronJobs. */
class MaintenanceTest {

    private final Job small = rebalance(Samples.small());
    private final Job full = rebalance(Samples.full());

    private static Job rebalance(LilioCluster cluster) {
        return MaintenanceJob.of(cluster, MaintenanceKind.REBALANCE, AllObjects.OPERATION);
    }

    @Test
    void aJobIsNamedAfterItsRunAndTellsIt() {
        assertThat(rebalance(Samples.small())).isEqualTo(small);
        assertThat(small.getMetadata().getName()).matches("demo-rebalance-[0-9a-f]{12}");
        assertThat(small.getMetadata().getAnnotations())
                .containsExactly(entry("lilio.io/operation", AllObjects.OPERATION));
        assertThat(
                        MaintenanceJob.of(
                                        Samples.small(),
                                        MaintenanceKind.REPAIR,
                                        "repair-after-rebalance-1")
                                .getMetadata()
                                .getName())
                .matches("demo-repair-[0-9a-f]{12}");
    }

    @Test
    void aJobCarriesOutOneRun() {
        assertThat(container(small.getSpec()).getArgs())
                .containsExactly("job", "rebalance", "--operation", AllObjects.OPERATION);
        assertThat(container(full.getSpec()).getArgs())
                .containsExactly(
                        "job",
                        "rebalance",
                        "--operation",
                        AllObjects.OPERATION,
                        "--max-bytes-per-second",
                        "268435456");
        assertThat(container(full.getSpec()).getImage())
                .isEqualTo("registry.example.com:5000/store/lilio:2.0.0");
    }

    @Test
    void kubernetesTriesNothingAgainButAPodThatWasTakenAway() {
        JobSpec spec = small.getSpec();
        assertThat(spec.getBackoffLimit()).isZero();
        assertThat(spec.getTtlSecondsAfterFinished()).isEqualTo(3_600);
        assertThat(pod(spec).getRestartPolicy()).isEqualTo("Never");
        assertThat(spec.getPodFailurePolicy().getRules())
                .singleElement()
                .satisfies(
                        rule -> {
                            assertThat(rule.getAction()).isEqualTo("Ignore");
                            assertThat(rule.getOnPodConditions())
                                    .singleElement()
                                    .returns("DisruptionTarget", each -> each.getType());
                        });
    }

    @Test
    void aJobHasADataDirectoryOfItsOwnAndOpensNoPort() {
        Volume data =
                pod(small.getSpec()).getVolumes().stream()
                        .filter(volume -> volume.getName().equals("data"))
                        .findFirst()
                        .orElseThrow();
        assertThat(data.getEmptyDir()).isNotNull();
        assertThat(container(small.getSpec()).getPorts()).isEmpty();
        assertThat(container(small.getSpec()).getVolumeMounts())
                .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/data"));
        assertThat(container(small.getSpec()).getEnv())
                .extracting(EnvVar::getName)
                .contains("LILIO_CONFIG", "LILIO_ROOT_SECRET_KEY")
                .doesNotContain("LILIO_NODE_NAME", "LILIO_RPC_ADDRESS");
    }

    @Test
    void itHasWhatTheSpecGivesItsKind() {
        assertThat(container(full.getSpec()).getResources().getLimits())
                .containsExactly(entry("memory", new Quantity("2Gi")));
        assertThat(container(small.getSpec()).getResources().getLimits())
                .containsExactly(entry("memory", new Quantity("768Mi")));
        assertThat(container(schedules(Samples.full(), false).get("gc")).getResources().getLimits())
                .containsExactly(entry("memory", new Quantity("4Gi")));
    }

    @Test
    void itRunsWhereStoragePodsMayRun() {
        PodSpec pod = pod(full.getSpec());
        assertThat(pod.getNodeSelector()).containsExactly(entry("disk", "nvme"));
        assertThat(pod.getTolerations()).hasSize(1);
        assertThat(pod.getAffinity()).isNull();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(20_000);
    }

    @Test
    void allButRebalancesBeginByThemselves() {
        List<CronJob> schedules = MaintenanceSchedule.of(Samples.small(), false);
        assertThat(schedules)
                .extracting(each -> each.getMetadata().getName())
                .containsExactly("demo-repair", "demo-scrub", "demo-gc");
        assertThat(schedules)
                .extracting(each -> each.getSpec().getSchedule())
                .containsExactly("4 */6 * * *", "4 3 1,15 * *", "4 2 * * *");
        assertThat(schedules)
                .allSatisfy(
                        each -> {
                            assertThat(each.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid");
                            assertThat(each.getSpec().getStartingDeadlineSeconds()).isPositive();
                            assertThat(each.getMetadata().getName()).hasSizeLessThanOrEqualTo(52);
                        });
    }

    @Test
    void theSpecSaysWhen() {
        assertThat(MaintenanceSchedule.of(Samples.full(), false))
                .extracting(each -> each.getSpec().getSchedule())
                .contains("0 */2 * * *", "0 3 * * 0");
    }

    @Test
    void nothingBeginsWhilePausedOrHeld() {
        assertThat(suspended(Samples.small(), false)).containsOnly(false);
        assertThat(suspended(Samples.small(), true)).containsOnly(true);
        assertThat(suspended(Samples.full(), false)).containsOnly(true);
    }

    private static List<Boolean> suspended(LilioCluster cluster, boolean held) {
        return MaintenanceSchedule.of(cluster, held).stream()
                .map(each -> each.getSpec().getSuspend())
                .toList();
    }

    @Test
    void eachRunOfAScheduleHasAnIdOfItsOwn() {
        Container container = container(schedules(Samples.full(), false).get("scrub"));
        assertThat(container.getArgs())
                .containsExactly(
                        "job",
                        "scrub",
                        "--operation",
                        "$(OPERATION)",
                        "--max-bytes-per-second",
                        "67108864");
        assertThat(container.getEnv().getFirst())
                .satisfies(
                        variable -> {
                            assertThat(variable.getName()).isEqualTo("OPERATION");
                            assertThat(variable.getValueFrom().getFieldRef().getFieldPath())
                                    .isEqualTo("metadata.labels['batch.kubernetes.io/job-name']");
                        });
    }

    /** By kind. */
    private static Map<String, JobSpec> schedules(LilioCluster cluster, boolean held) {
        Function<CronJob, String> kind =
                each -> each.getMetadata().getName().replaceFirst(".*-", "");
        return MaintenanceSchedule.of(cluster, held).stream()
                .collect(Collectors.toMap(kind, each -> each.getSpec().getJobTemplate().getSpec()));
    }

    private static PodSpec pod(JobSpec spec) {
        return spec.getTemplate().getSpec();
    }

    private static Container container(JobSpec spec) {
        return pod(spec).getContainers().getFirst();
    }
}
