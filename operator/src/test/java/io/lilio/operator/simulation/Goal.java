package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.cluster.LilioCluster;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whether the world is as the resources ask for. */
final class Goal {

    private final Scene scene;
    private final Administrator administrator;

    Goal(Scene scene, Administrator administrator) {
        this.scene = scene;
        this.administrator = administrator;
    }

    /** What is not; empty when all is as it should be. */
    String lacks() {
        return scene.cluster()
                .map(this::cluster)
                .filter(lacks -> !lacks.isEmpty())
                .or(this::buckets)
                .or(this::runs)
                .orElse("");
    }

    private String cluster(LilioCluster cluster) {
        int wanted = cluster.getSpec().replicas();
        int size =
                scene.store
                        .get(StatefulSet.class, Kubelets.NAMESPACE, Kubelets.SET)
                        .map(set -> set.getSpec().getReplicas())
                        .orElse(0);
        List<Pod> pods = scene.kubelets.storagePods();
        List<SimulatedRing.Member> members =
                scene.lilio.ring.members().stream()
                        .filter(member -> !member.isIn("REMOVED"))
                        .toList();
        if (size != wanted || pods.size() != wanted) {
            return "%d pods of %d, %d wanted".formatted(pods.size(), size, wanted);
        }
        if (!pods.stream().allMatch(pod -> Kubelets.isWell(pod) && isNew(pod, cluster))) {
            return "pods are not well, or not of the newest version";
        }
        boolean whole = scene.lilio.ring.isFounded() && scene.lilio.movement.isWhole();
        if (members.size() != wanted
                || members.stream().anyMatch(member -> !member.isIn("ACTIVE"))
                || !whole) {
            return "members: %s, whole %s".formatted(members, whole);
        }
        Map<String, String> annotations = cluster.getMetadata().getAnnotations();
        String replaced = annotations.getOrDefault(Administrator.REPLACE, "");
        if (members.stream().anyMatch(member -> member.id().toString().equals(replaced))) {
            return "a member is to be replaced: " + replaced;
        }
        Optional<String> kept =
                scene.lilio.ring.members().stream()
                        .filter(member -> member.id().toString().equals(replaced))
                        .filter(member -> keepsVolume(member, wanted))
                        .map(member -> "the volume of %s is to be another one".formatted(member))
                        .findFirst();
        if (kept.isPresent()) {
            return kept.get();
        }
        if (cluster.getStatus() == null || cluster.getStatus().operation() != null) {
            return "an operation is under way";
        }
        if (cluster.getSpec().metadata().managed() != null
                && !scene.kubelets.isEtcdSettled(cluster)) {
            return "a member of etcd does not serve, is not known, or would begin anew: "
                    + cluster.getStatus().etcdMembers();
        }
        return condition(cluster.getStatus().conditions(), "Ready", cluster);
    }

    /** Unless its node has begun anew there by itself, before the pod could go. */
    private boolean keepsVolume(SimulatedRing.Member member, int wanted) {
        String volume = scene.replaced.get(member.id());
        return volume != null
                && Kubelets.ordinal(member.node()) < wanted
                && !scene.erased.contains(volume)
                && scene.store
                        .get(
                                PersistentVolumeClaim.class,
                                Kubelets.NAMESPACE,
                                "data-" + member.node())
                        .filter(claim -> claim.getMetadata().getUid().equals(volume))
                        .isPresent();
    }

    private static boolean isNew(Pod pod, LilioCluster cluster) {
        return pod.getSpec().getContainers().stream()
                .allMatch(each -> each.getImage().endsWith(":" + cluster.getSpec().version()));
    }

    private static String condition(List<Condition> conditions, String type, HasMetadata of) {
        return conditions.stream()
                .filter(each -> each.type().equals(type))
                .filter(each -> each.status() == ConditionStatus.TRUE)
                .filter(
                        each ->
                                Objects.equals(
                                        each.observedGeneration(),
                                        of.getMetadata().getGeneration()))
                .findFirst()
                .map(_ -> "")
                .orElse("%s is not %s: %s".formatted(of.getMetadata().getName(), type, conditions));
    }

    /** One that is under way, or that nobody has taken up yet. */
    private Optional<String> runs() {
        return scene.lilio.runs.list(null).stream()
                .filter(run -> run.finished() == null)
                .findFirst()
                .map(run -> "a run has not ended: " + run);
    }

    private Optional<String> buckets() {
        for (LilioBucket bucket : administrator.buckets()) {
            String lacks = bucket(bucket);
            if (!lacks.isEmpty()) {
                return Optional.of(lacks);
            }
        }
        if (scene.keysAreLeft) {
            return Optional.empty();
        }
        List<String> uids =
                administrator.buckets().stream().map(each -> each.getMetadata().getUid()).toList();
        return scene.lilio.parts.keys().all().stream()
                .filter(
                        key ->
                                uids.stream()
                                        .noneMatch(uid -> key.description().contains(uid + " ")))
                .findFirst()
                .map(key -> "a key is left of a bucket that is gone: " + key);
    }

    /** One key, which is in the Secret, where the bucket is the resource's; else none. */
    private String bucket(LilioBucket bucket) {
        String uid = bucket.getMetadata().getUid();
        String name = bucket.getMetadata().getName();
        String named = bucket.getSpec().bucketName();
        boolean owns =
                scene.lilio
                        .parts
                        .buckets()
                        .peek(named == null ? name : named)
                        .filter(there -> uid.equals(there.owner()))
                        .isPresent();
        long keys =
                scene.lilio.parts.keys().all().stream()
                        .filter(key -> key.description().contains(uid + " "))
                        .count();
        if (bucket.getMetadata().getDeletionTimestamp() != null) {
            return "LilioBucket %s is to go".formatted(name);
        }
        if (!owns) {
            boolean told =
                    bucket.getStatus() != null
                            && bucket.getStatus().conditions().stream()
                                    .anyMatch(
                                            each ->
                                                    List.of("BucketOwnedByAnother", "BucketExists")
                                                            .contains(each.reason()));
            return keys == 0 && told ? "" : "%s has no bucket, and %d keys".formatted(name, keys);
        }
        if (keys != 1 || !opens(bucket)) {
            return "LilioBucket %s has %d keys".formatted(name, keys);
        }
        return condition(bucket.getStatus().conditions(), "Ready", bucket);
    }

    private boolean opens(LilioBucket bucket) {
        String uid = bucket.getMetadata().getUid();
        return administrator.bucketSecrets().stream()
                .filter(
                        secret ->
                                secret.getMetadata()
                                        .getOwnerReferences()
                                        .getFirst()
                                        .getUid()
                                        .equals(uid))
                .anyMatch(
                        secret ->
                                scene.lilio
                                        .parts
                                        .keys()
                                        .opens(
                                                value(secret, "AWS_ACCESS_KEY_ID"),
                                                value(secret, "AWS_SECRET_ACCESS_KEY")));
    }

    private static String value(Secret secret, String key) {
        byte[] value = Base64.getDecoder().decode(secret.getData().get(key));
        return new String(value, StandardCharsets.UTF_8);
    }
}
