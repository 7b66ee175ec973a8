package io.lilio.operator.bucket;

import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketStatus;
import io.lilio.operator.kube.Events;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A LilioBucket during one pass: as it was read live, and then as each write has left it, so that a
 * pass notices when somebody else writes too. One thread at a time.
 */
final class LiveBucket {

    private static final Logger LOG = LoggerFactory.getLogger(LiveBucket.class);

    private static final int CONFLICT = 409;

    private final Kubernetes kubernetes;
    private final Events events;
    private LilioBucket now;

    LiveBucket(Kubernetes kubernetes, Events events, LilioBucket read) {
        this.kubernetes = kubernetes;
        this.events = events;
        this.now = read;
    }

    /** As it is now; not to be changed. */
    LilioBucket now() {
        return now;
    }

    LilioBucketStatus status() {
        return BucketReport.status(now);
    }

    DesiredBucket desired() {
        return DesiredBucket.of(now);
    }

    /**
     * Makes sure that nobody has written it meanwhile.
     *
     * @throws KubernetesException a conflict when it has changed, or is gone
     */
    void requireCurrent() {
        String version = now.getMetadata().getResourceVersion();
        boolean same =
                kubernetes
                        .get(
                                LilioBucket.class,
                                now.getMetadata().getNamespace(),
                                now.getMetadata().getName())
                        .filter(live -> live.getMetadata().getResourceVersion().equals(version))
                        .isPresent();
        if (!same) {
            throw new KubernetesException(
                    CONFLICT,
                    "LilioBucket %s has changed, or is gone"
                            .formatted(now.getMetadata().getName()));
        }
    }

    /** Writes a status that differs from the present one, and tells about it. */
    void write(LilioBucketStatus status) {
        LilioBucketStatus before = status();
        if (status.equals(before)) {
            return;
        }
        LilioBucket changed = new LilioBucket();
        changed.setMetadata(now.getMetadata());
        changed.setSpec(now.getSpec());
        changed.setStatus(status);
        now = kubernetes.writeStatus(changed);
        tellOf(before, status, BucketConditionType.READY);
        tellOf(before, status, BucketConditionType.DELETION_BLOCKED);
    }

    /** The same, of one that says what is waited for; what is behind that is logged once. */
    void hold(LilioBucketStatus status, HeldException why) {
        if (!status.equals(status())) {
            LOG.info("Held: {}: {}", why.reason().text(), why.sentence(), why.getCause());
        }
        write(status);
    }

    /** Tells what an administrator may want to know. */
    void tell(String reason, String note) {
        events.normal(now, reason, note);
    }

    /** Tells what an administrator may have to do something about. */
    void warn(String reason, String note) {
        events.warning(now, reason, note);
    }

    private void tellOf(
            LilioBucketStatus before, LilioBucketStatus after, BucketConditionType type) {
        Optional<Condition> found = BucketReport.condition(after, type);
        Optional<Condition> former = BucketReport.condition(before, type);
        if (found.isEmpty() || former.map(LiveBucket::gist).equals(found.map(LiveBucket::gist))) {
            return;
        }
        Condition condition = found.get();
        boolean told = !condition.reason().equals(BucketReason.NOT_YET_OBSERVED.text());
        if (isWell(condition, type)) {
            events.normal(now, condition.reason(), condition.message());
        } else if (told || condition.status() == ConditionStatus.FALSE) {
            events.warning(now, condition.reason(), condition.message());
        }
    }

    private static boolean isWell(Condition condition, BucketConditionType type) {
        ConditionStatus good =
                type == BucketConditionType.DELETION_BLOCKED
                        ? ConditionStatus.FALSE
                        : ConditionStatus.TRUE;
        return condition.status() == good
                || condition.reason().equals(BucketReason.DELETING.text());
    }

    /** What makes a condition another one. */
    private static String gist(Condition condition) {
        return condition.status() + " " + condition.reason();
    }
}
