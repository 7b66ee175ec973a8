package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.lilio.admin.api.OperationStatus;
import io.lilio.admin.api.RingOperation;
import io.lilio.operator.dependent.MaintenanceJob;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the runs that Jobs are for, over some time; Jobs fail and vanish. Not thread-safe.
 */
final class JobRunner {

    private static final int UUID_LENGTH = 36;

    private final Scene scene;
    private final Map<String, Instant> begins = new HashMap<>();

    JobRunner(Scene scene) {
        this.scene = scene;
    }

    /** Those that have not ended. */
    List<Job> open() {
        return scene.store.all(Job.class).stream()
                .filter(job -> job.getStatus() == null || job.getStatus().getConditions().isEmpty())
                .toList();
    }

    void advance() {
        for (Job job : open()) {
            Instant begin =
                    begins.computeIfAbsent(
                            job.getMetadata().getUid(),
                            _ -> scene.now().plusSeconds(scene.random.nextInt(2, 12)));
            boolean able =
                    scene.lilio.answers()
                            && scene.lilio.metadataHealthy
                            && !scene.weather.isOn(Weather.PODS_DO_NOT_START);
            if (able && !scene.now().isBefore(begin)) {
                run(job);
            }
        }
    }

    private void run(Job job) {
        String id = job.getMetadata().getAnnotations().get(MaintenanceJob.OPERATION);
        String kind = kind(job);
        Optional<OperationStatus> run = scene.lilio.runs.find(id);
        if (run.filter(known -> known.finished() != null).isPresent()) {
            end(job, "Complete");
        } else if (!kind.equals("rebalance")) {
            scene.lilio.runs.tell(id, kind, "SUCCEEDED");
            scene.lilio.movement.heal();
            end(job, "Complete");
        } else {
            rebalance(job, id);
        }
    }

    private void rebalance(Job job, String id) {
        scene.lilio.runs.tell(id, "rebalance", "RUNNING");
        if (isOf(scene.lilio.ring.change(), id)) {
            scene.lilio.movement.go(scene.random.nextInt(1, 5));
        }
        if (!isOf(scene.lilio.ring.change(), id)) {
            scene.lilio.runs.tell(id, "rebalance", "SUCCEEDED");
            end(job, "Complete");
        }
    }

    private static boolean isOf(@Nullable RingOperation change, String run) {
        return change != null && run.substring(0, UUID_LENGTH).equals(change.id().toString());
    }

    private static String kind(Job job) {
        return List.of("rebalance", "repair", "scrub", "gc").stream()
                .filter(kind -> job.getMetadata().getName().contains("-" + kind + "-"))
                .findFirst()
                .orElseThrow();
    }

    /** A Job's pods have been killed; its run is left as it is, or says so. */
    void fail(Job job) {
        String id = job.getMetadata().getAnnotations().get(MaintenanceJob.OPERATION);
        if (scene.random.nextBoolean()) {
            scene.lilio.runs.tell(id, kind(job), "FAILED");
        }
        end(job, "Failed");
    }

    private void end(Job job, String how) {
        scene.store.edit(
                job,
                live ->
                        new JobBuilder(live)
                                .withNewStatus()
                                .addNewCondition()
                                .withType(how)
                                .withStatus("True")
                                .withLastTransitionTime(scene.now().toString())
                                .endCondition()
                                .endStatus()
                                .build());
    }
}
