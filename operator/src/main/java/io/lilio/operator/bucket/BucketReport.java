package io.lilio.operator.bucket;

import io.lilio.admin.api.BucketStatus;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a LilioBucket's status says: a pure function of what it said before and of what was found.
 * The same findings make the same status, so that nothing is written when nothing is new.
 */
final class BucketReport {

    private static final LilioBucketStatus NOTHING =
            new LilioBucketStatus(null, null, null, null, List.of());

    private final DesiredBucket desired;
    private final LilioBucketStatus before;
    private final long generation;
    private final Instant now;

    /**
     * @param bucket as it is
     */
    BucketReport(LilioBucket bucket, Instant now) {
        this.desired = DesiredBucket.of(bucket);
        this.before = status(bucket);
        this.generation = Objects.requireNonNullElse(bucket.getMetadata().getGeneration(), 0L);
        this.now = now;
    }

    /** What a resource says; one that says nothing yet has no conditions. */
    static LilioBucketStatus status(LilioBucket bucket) {
        @Nullable LilioBucketStatus status = bucket.getStatus();
        return status == null ? NOTHING : status;
    }

    static Optional<Condition> condition(LilioBucketStatus status, BucketConditionType type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type.text()))
                .findFirst();
    }

    /** Whether nothing is under way with the credentials that the present spec asks for. */
    boolean areCredentialsSettled() {
        return desired.secret().equals(before.secret())
                && condition(before, BucketConditionType.CREDENTIALS_READY)
                        .filter(condition -> condition.status() == ConditionStatus.TRUE)
                        .filter(condition -> condition.observedGeneration() == generation)
                        .isPresent();
    }

    /** That a key and its Secret are about to be made or replaced. */
    LilioBucketStatus replacingCredentials() {
        String message =
                "an access key for bucket %s is being written to Secret %s"
                        .formatted(desired.bucket(), desired.secret());
        Condition ready =
                condition(
                        BucketConditionType.READY,
                        ConditionStatus.UNKNOWN,
                        BucketReason.NOT_YET_OBSERVED,
                        message);
        Condition credentials =
                condition(
                        BucketConditionType.CREDENTIALS_READY,
                        ConditionStatus.UNKNOWN,
                        BucketReason.NOT_YET_OBSERVED,
                        message);
        return new LilioBucketStatus(
                before.endpoint(),
                desired.secret(),
                before.objects(),
                before.bytes(),
                with(ready, credentials));
    }

    /**
     * That all is as the spec has it.
     *
     * @param usageIsDue whether usage may be written, where it is there already
     */
    LilioBucketStatus ready(String endpoint, BucketStatus found, boolean usageIsDue) {
        Condition ready =
                condition(
                        BucketConditionType.READY,
                        ConditionStatus.TRUE,
                        BucketReason.AS_EXPECTED,
                        "bucket %s is there, and Secret %s opens it"
                                .formatted(desired.bucket(), desired.secret()));
        Condition credentials =
                condition(
                        BucketConditionType.CREDENTIALS_READY,
                        ConditionStatus.TRUE,
                        BucketReason.AS_EXPECTED,
                        "Secret %s holds an access key for bucket %s alone"
                                .formatted(desired.secret(), desired.bucket()));
        return new LilioBucketStatus(
                endpoint,
                desired.secret(),
                usage(before.objects(), found.objects(), usageIsDue),
                usage(before.bytes(), found.bytes(), usageIsDue),
                with(ready, credentials));
    }

    private static Long usage(@Nullable Long shown, long exact, boolean due) {
        return shown == null || due ? Long.valueOf(RoundedUsage.of(shown, exact)) : shown;
    }

    /** Why the spec cannot be met for now. */
    LilioBucketStatus held(HeldException why) {
        Condition ready =
                condition(
                        BucketConditionType.READY,
                        why.reason() == BucketReason.ADMIN_API_UNREACHABLE
                                ? ConditionStatus.UNKNOWN
                                : ConditionStatus.FALSE,
                        why.reason(),
                        why.sentence());
        boolean another = why.reason() == BucketReason.BUCKET_OWNED_BY_ANOTHER;
        boolean lost = another || why.reason() == BucketReason.SECRET_OWNED_BY_ANOTHER;
        List<Condition> conditions =
                lost || !opened()
                        ? with(
                                ready,
                                condition(
                                        BucketConditionType.CREDENTIALS_READY,
                                        ConditionStatus.FALSE,
                                        why.reason(),
                                        why.sentence()))
                        : with(ready);
        return new LilioBucketStatus(
                before.endpoint(),
                another ? null : before.secret(),
                another ? null : before.objects(),
                another ? null : before.bytes(),
                conditions);
    }

    /** Whether there were credentials that worked when it was looked last. */
    private boolean opened() {
        return condition(before, BucketConditionType.CREDENTIALS_READY)
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .isPresent();
    }

    /** Why a resource that is deleted cannot go. */
    LilioBucketStatus blocked(HeldException why) {
        return deleting(
                condition(
                        BucketConditionType.DELETION_BLOCKED,
                        ConditionStatus.TRUE,
                        why.reason(),
                        why.sentence()));
    }

    /** That its contents are being removed, for which no key is needed any more. */
    LilioBucketStatus removing() {
        String message =
                "bucket %s is being deleted with all that is in it".formatted(desired.bucket());
        return deleting(
                condition(
                        BucketConditionType.CREDENTIALS_READY,
                        ConditionStatus.FALSE,
                        BucketReason.DELETING,
                        "the access key is revoked, since the bucket is being deleted"),
                condition(
                        BucketConditionType.DELETION_BLOCKED,
                        ConditionStatus.FALSE,
                        BucketReason.DELETING,
                        message));
    }

    private LilioBucketStatus deleting(Condition... others) {
        List<Condition> conditions = new ArrayList<>(List.of(others));
        conditions.addFirst(
                condition(
                        BucketConditionType.READY,
                        ConditionStatus.FALSE,
                        BucketReason.DELETING,
                        "the LilioBucket is being deleted"));
        return new LilioBucketStatus(
                before.endpoint(),
                before.secret(),
                before.objects(),
                before.bytes(),
                with(conditions.toArray(Condition[]::new)));
    }

    private Condition condition(
            BucketConditionType type, ConditionStatus status, BucketReason reason, String message) {
        Instant since =
                condition(before, type)
                        .filter(there -> there.status() == status)
                        .map(Condition::lastTransitionTime)
                        .orElse(now);
        return Condition.of(type, status, reason, message, generation, since);
    }

    /** The conditions as they were, but for some; in the order of their types. */
    private List<Condition> with(Condition... changed) {
        List<Condition> all = new ArrayList<>();
        for (BucketConditionType type : BucketConditionType.values()) {
            Optional<Condition> now =
                    List.of(changed).stream()
                            .filter(condition -> condition.type().equals(type.text()))
                            .findFirst();
            now.or(() -> condition(before, type)).ifPresent(all::add);
        }
        return all;
    }
}
