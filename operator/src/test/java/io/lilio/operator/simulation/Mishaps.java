package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingOperation;
import io.lilio.admin.api.RingPlace;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec.DeletionPolicy;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.operator.admin.AdminApiException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Has mishaps happen, as chance has it. Of volumes it takes one at a time only, and only while no
 * copy that it holds is the last one.
 */
final class Mishaps {

    /** They need one that is there. */
    private static final Set<Mishap> OF_BUCKETS =
            EnumSet.of(Mishap.BUCKET_DELETED, Mishap.BUCKET_SECRET_DELETED, Mishap.KEY_DISABLED);

    private static final int LEAST = 3;
    private static final int MOST = 6;

    private final Scene scene;
    private final Administrator administrator;
    private final List<Mishap> kinds;
    private final Weather usual;
    private int former = LEAST;
    private int versions = 3;
    private boolean allowed;

    /**
     * @param seed by which one kind, and one kind of weather, comes more often than others
     */
    Mishaps(Scene scene, Administrator administrator, long seed) {
        this.scene = scene;
        this.administrator = administrator;
        this.kinds = some(seed);
        this.usual = Weather.values()[(int) (seed % Weather.values().length)];
    }

    /** Whether any happen now; not at first. */
    void allow(boolean now) {
        allowed = now;
    }

    /** One of them, if it can be. */
    void strike() {
        if (!allowed) {
            return;
        }
        Mishap mishap = one(kinds).orElseThrow();
        if (happens(mishap)) {
            scene.coverage.count("mishap " + mishap);
            scene.tell("mishap: " + mishap);
        }
    }

    private <T> Optional<T> one(List<T> of) {
        return of.isEmpty()
                ? Optional.empty()
                : Optional.of(of.get(scene.random.nextInt(of.size())));
    }

    private boolean happens(Mishap mishap) {
        return switch (mishap) {
            case SCALE_UP -> scale(replicas() + scene.random.nextInt(1, 3));
            case SCALE_DOWN -> scale(replicas() - scene.random.nextInt(1, 3));
            case TAKE_BACK_SCALE -> scale(former);
            case UPGRADE -> upgrade("1.2." + versions++);
            case BROKEN_IMAGE -> upgrade(Kubelets.BROKEN);
            case PAUSE -> pause();
            case ACKNOWLEDGE_LOST -> annotate(Administrator.ACKNOWLEDGE_LOST, dead());
            case ACKNOWLEDGE_ALIVE -> annotate(Administrator.ACKNOWLEDGE_LOST, active());
            case ACKNOWLEDGE_SILENT -> annotate(Administrator.ACKNOWLEDGE_LOST, silent());
            case REPLACE_MEMBER -> annotate(Administrator.REPLACE, active());
            case POD_CRASHES -> one(well()).map(this::crash).isPresent();
            case POD_DELETED -> one(scene.kubelets.storagePods()).map(this::deletePod).isPresent();
            case ALL_PODS_DELETED ->
                    scene.random.nextInt(3) == 0
                            && !scene.kubelets.storagePods().stream()
                                    .map(this::deletePod)
                                    .toList()
                                    .isEmpty();
            case VOLUME_LOST ->
                    one(scene.kubelets.storagePods()).filter(this::loseVolume).isPresent();
            case MEMBER_SILENT -> one(active()).map(scene.lilio.silent::add).orElse(false);
            case JOB_FAILS -> failJob(false);
            case JOB_VANISHES -> failJob(true);
            case RUN_LEFT_OVER -> leaveRun();
            case OBJECT_EDITED -> editObject();
            case OBJECT_DELETED -> deleteObject();
            case CHANGE_BY_ADMINISTRATOR -> change();
            case BUCKET_MADE -> makeBucket(null);
            case BUCKET_MADE_TWICE -> makeBucket("shared");
            case BUCKET_DELETED -> deleteBucket();
            case BUCKET_SECRET_DELETED -> deleteBucketSecret();
            case KEY_DISABLED -> disableKey();
            case BAD_WEATHER -> beginWeather();
        };
    }

    private int replicas() {
        return scene.cluster().map(cluster -> cluster.getSpec().replicas()).orElse(LEAST);
    }

    private boolean scale(int replicas) {
        int wanted = Math.clamp(replicas, LEAST, MOST);
        if (wanted == replicas()) {
            return false;
        }
        former = replicas();
        administrator.scale(wanted);
        return true;
    }

    private boolean upgrade(String version) {
        administrator.upgrade(version);
        return true;
    }

    private boolean pause() {
        administrator.pause(
                !scene.cluster().map(cluster -> cluster.getSpec().paused()).orElse(false));
        return true;
    }

    /** Members that count and do not answer; one falls silent where there is none. */
    private List<UUID> silent() {
        if (scene.lilio.silent.isEmpty()) {
            one(active()).ifPresent(scene.lilio.silent::add);
        }
        return active().stream().filter(scene.lilio.silent::contains).toList();
    }

    private boolean annotate(String name, List<UUID> members) {
        Optional<UUID> member = one(members);
        member.ifPresent(id -> administrator.annotate(name, id));
        return member.isPresent();
    }

    private List<UUID> active() {
        return scene.lilio.ring.members().stream()
                .filter(member -> member.isIn("ACTIVE"))
                .map(SimulatedRing.Member::id)
                .toList();
    }

    /** Members that count and whose volume is gone. */
    List<UUID> dead() {
        return scene.lilio.ring.members().stream()
                .filter(member -> member.isIn("ACTIVE", "DRAINING"))
                .map(SimulatedRing.Member::id)
                .filter(id -> scene.lilio.disks.of(id).isEmpty())
                .toList();
    }

    private List<Pod> well() {
        return scene.kubelets.storagePods().stream().filter(Kubelets::isWell).toList();
    }

    private boolean crash(Pod pod) {
        scene.kubelets.crash(pod);
        return true;
    }

    /** While a bad image has halted an upgrade, pods of the good one fail as well, perhaps. */
    void crashOld() {
        boolean halted =
                scene.kubelets.storagePods().stream()
                        .anyMatch(pod -> Kubelets.isBroken(pod) && pod.getStatus() != null);
        if (!allowed || !halted || well().isEmpty() || scene.random.nextInt(5) > 0) {
            return;
        }
        boolean all = scene.random.nextInt(3) == 0;
        (all ? well() : one(well()).stream().toList()).forEach(scene.kubelets::crash);
        scene.coverage.count("old pods crashed beside a bad image");
        scene.tell("mishap: old pods crash, all of them: " + all);
    }

    private boolean deletePod(Pod pod) {
        scene.kubelets.terminate(pod);
        return true;
    }

    private boolean loseVolume(Pod pod) {
        Optional<PersistentVolumeClaim> claim =
                scene.store.get(
                        PersistentVolumeClaim.class,
                        Kubelets.NAMESPACE,
                        "data-" + pod.getMetadata().getName());
        boolean spare = scene.lilio.ring.isFounded() && scene.lilio.movement.isWhole();
        if (claim.isEmpty() || !spare) {
            return false;
        }
        scene.store.remove(pod);
        scene.kubelets.removeVolume(claim.get());
        scene.kubelets.see();
        return true;
    }

    private boolean failJob(boolean vanishes) {
        Optional<Job> job = one(scene.jobs.open());
        job.ifPresent(
                open -> {
                    if (vanishes) {
                        scene.store.remove(open);
                    } else {
                        scene.jobs.fail(open);
                    }
                });
        return job.isPresent();
    }

    private boolean leaveRun() {
        String kind = one(List.of("gc", "scrub", "repair")).orElseThrow();
        scene.lilio.runs.leave("demo-%s-%d".formatted(kind, scene.random.nextInt(1_000)), kind);
        return true;
    }

    private boolean editObject() {
        Optional<Service> service =
                scene.store.get(Service.class, Kubelets.NAMESPACE, Kubelets.SET);
        service.ifPresent(
                there ->
                        scene.store.edit(
                                there,
                                live -> {
                                    live.getSpec().setType("NodePort");
                                    return live;
                                }));
        return service.isPresent();
    }

    private boolean deleteObject() {
        Optional<ConfigMap> config =
                scene.store.get(ConfigMap.class, Kubelets.NAMESPACE, "demo-config");
        config.ifPresent(scene.store::remove);
        return config.isPresent();
    }

    /** Somebody asks the ring for something harmless. */
    private boolean change() {
        Optional<UUID> member = one(active());
        if (member.isEmpty()) {
            return false;
        }
        RingPlace place = new RingPlace(member.get(), null, null);
        try {
            scene.lilio.ring.relocate(
                    new RingCommand(
                            scene.ids.get(),
                            scene.lilio.ring.epoch(),
                            null,
                            null,
                            List.of(place),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null));
            return true;
        } catch (AdminApiException refused) {
            return false;
        }
    }

    private boolean makeBucket(@Nullable String bucket) {
        String name = one(List.of("photos", "logs", "films")).orElseThrow();
        administrator.bucket(name, bucket, one(List.of(DeletionPolicy.values())).orElseThrow());
        return true;
    }

    private boolean deleteBucket() {
        Optional<LilioBucket> bucket = one(administrator.buckets());
        bucket.ifPresent(administrator::delete);
        return bucket.isPresent();
    }

    private boolean deleteBucketSecret() {
        return one(administrator.bucketSecrets())
                .map(
                        secret -> {
                            scene.store.remove(secret);
                            return secret;
                        })
                .isPresent();
    }

    private boolean disableKey() {
        return one(scene.lilio.parts.keys().all())
                .map(key -> scene.lilio.parts.keys().disable(key.id()))
                .isPresent();
    }

    private boolean beginWeather() {
        Weather weather =
                scene.random.nextBoolean() ? usual : one(List.of(Weather.values())).orElseThrow();
        boolean known =
                scene.cluster()
                        .map(LilioCluster::getStatus)
                        .filter(status -> status.clusterId() != null)
                        .isPresent();
        if (weather == Weather.ANOTHER_CLUSTER_ANSWERS && !known) {
            return false;
        }
        scene.coverage.count("weather " + weather);
        scene.tell("weather: " + weather);
        scene.weather.begin(weather, scene.random.nextInt(10, 90));
        return true;
    }

    /** All is put right that people have to put right. */
    void end() {
        scene.weather.clear();
        scene.lilio.silent.clear();
        administrator.pause(false);
        boolean broken =
                scene.cluster()
                        .filter(each -> each.getSpec().version().equals(Kubelets.BROKEN))
                        .isPresent();
        if (broken) {
            upgrade("1.2." + versions++);
        }
        acknowledge();
    }

    /** What is gone for good is said to be, and nothing else. */
    void acknowledge() {
        administrator.takeBack(Administrator.ACKNOWLEDGE_LOST);
        for (UUID id : dead()) {
            administrator.annotate(Administrator.ACKNOWLEDGE_LOST, id);
        }
    }

    /** A scale that is just being carried out is taken back, perhaps. */
    void takeBack() {
        RingOperation change = scene.lilio.ring.change();
        if (allowed
                && change != null
                && List.of("ADMIT", "DRAIN").contains(change.type())
                && scene.random.nextInt(3) == 0
                && scale(former)) {
            scene.coverage.count("taken back");
        }
    }

    /**
     * A member of a managed etcd loses its volume, perhaps, while all serve and are known; the pod
     * of one that does not serve is made anew, perhaps.
     */
    void harmEtcd() {
        if (!allowed || scene.random.nextInt(4) > 0) {
            return;
        }
        if (scene.cluster().filter(scene.kubelets::isEtcdSettled).isPresent()) {
            one(scene.kubelets.etcdPods()).ifPresent(scene.kubelets::loseEtcd);
            scene.coverage.count("etcd volume lost");
            scene.tell("mishap: a volume of etcd's is lost");
        } else if (one(failedEtcdPods()).map(this::deletePod).isPresent()) {
            scene.coverage.count("etcd pod deleted");
            scene.tell("mishap: a pod of etcd's that does not serve is deleted");
        }
    }

    private List<Pod> failedEtcdPods() {
        return scene.kubelets.etcdPods().stream()
                .filter(pod -> pod.getStatus() != null && !Kubelets.isReady(pod))
                .toList();
    }

    /** A Job that is under way fails or vanishes, perhaps. */
    void breakJob() {
        Mishap kind = scene.random.nextBoolean() ? Mishap.JOB_FAILS : Mishap.JOB_VANISHES;
        if (allowed && scene.random.nextInt(4) == 0 && happens(kind)) {
            scene.coverage.count("mishap " + kind);
            scene.tell("mishap: " + kind);
        }
    }

    /** Some of all kinds. */
    private List<Mishap> some(long seed) {
        List<Mishap> left = new ArrayList<>(List.of(Mishap.values()));
        List<Mishap> some = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            some.add(left.remove(scene.random.nextInt(left.size())));
        }
        if (some.contains(Mishap.VOLUME_LOST)) {
            some.addAll(List.of(Mishap.VOLUME_LOST, Mishap.ACKNOWLEDGE_LOST));
            some.addAll(List.of(Mishap.ACKNOWLEDGE_LOST, Mishap.ACKNOWLEDGE_LOST));
        }
        int often = (int) (seed % Mishap.values().length);
        some.addAll(Collections.nCopies(3, Mishap.values()[often]));
        if (some.stream().anyMatch(OF_BUCKETS::contains)) {
            some.add(Mishap.BUCKET_MADE);
        }
        some.add(Mishap.BAD_WEATHER);
        some.add(Mishap.SCALE_UP);
        some.add(Mishap.SCALE_DOWN);
        return some;
    }
}
