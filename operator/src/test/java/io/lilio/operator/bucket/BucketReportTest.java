package io.lilio.operator.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.lilio.admin.api.BucketStatus;
import io.lilio.crd.Condition;
import io.lilio.crd.ConditionStatus;
import io.lilio.crd.bucket.BucketConditionType;
import io.lilio.crd.bucket.BucketReason;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BucketReportTest {

    private static final Instant T1 = Instant.parse("2026-11-30T10:00:00Z");
    private static final Instant T2 = Instant.parse("2026-11-30T11:00:00Z");
    private static final BucketStatus FOUND = new BucketStatus("photos", T1, "OFF", 7, 70, "uid");

    @Test
    void whatStopsAPassStandsInReady() {
        for (BucketReason reason : BucketReason.values()) {
            LilioBucketStatus status = at(null, 1, T1).held(new HeldException(reason, "why"));
            Condition ready = condition(status, BucketConditionType.READY);
            assertThat(ready.status())
                    .as("%s", reason)
                    .isEqualTo(
                            reason == BucketReason.ADMIN_API_UNREACHABLE
                                    ? ConditionStatus.UNKNOWN
                                    : ConditionStatus.FALSE);
            assertThat(ready.reason()).isEqualTo(reason.text());
            assertThat(ready.message()).isEqualTo("why");
            assertThat(ready.observedGeneration()).isEqualTo(1);
            assertThat(condition(status, BucketConditionType.CREDENTIALS_READY).status())
                    .isEqualTo(ConditionStatus.FALSE);
        }
    }

    @Test
    void credentialsThatWorkedAreGivenUpOnlyWithBucketOrSecret() {
        LilioBucketStatus ready = ready();
        for (BucketReason reason : BucketReason.values()) {
            boolean lost =
                    reason == BucketReason.BUCKET_OWNED_BY_ANOTHER
                            || reason == BucketReason.SECRET_OWNED_BY_ANOTHER;
            LilioBucketStatus status = at(ready, 1, T2).held(new HeldException(reason, "why"));
            assertThat(condition(status, BucketConditionType.CREDENTIALS_READY).status())
                    .as("%s", reason)
                    .isEqualTo(lost ? ConditionStatus.FALSE : ConditionStatus.TRUE);
        }
    }

    @Test
    void theSameFindingsMakeTheSameStatus() {
        LilioBucketStatus ready = ready();
        assertThat(at(ready, 1, T2).ready("http://demo", FOUND, true)).isEqualTo(ready);
        HeldException why = new HeldException(BucketReason.CLUSTER_NOT_FOUND, "why");
        LilioBucketStatus held = at(ready, 1, T1).held(why);
        assertThat(at(held, 1, T2).held(why)).isEqualTo(held);
        LilioBucketStatus blocked = at(ready, 1, T1).blocked(why);
        assertThat(at(blocked, 1, T2).blocked(why)).isEqualTo(blocked);
        LilioBucketStatus removing = at(ready, 1, T1).removing();
        assertThat(at(removing, 1, T2).removing()).isEqualTo(removing);
    }

    @Test
    void aTransitionIsAChangeOfStatusAndNothingElse() {
        LilioBucketStatus held =
                at(null, 1, T1).held(new HeldException(BucketReason.CLUSTER_NOT_FOUND, "why"));
        LilioBucketStatus other =
                at(held, 2, T2).held(new HeldException(BucketReason.CLUSTER_NOT_READY, "why"));
        Condition condition = condition(other, BucketConditionType.READY);
        assertThat(condition.lastTransitionTime()).isEqualTo(T1);
        assertThat(condition.observedGeneration()).isEqualTo(2);
        LilioBucketStatus ready = at(other, 2, T2).ready("http://demo", FOUND, true);
        assertThat(condition(ready, BucketConditionType.READY).lastTransitionTime()).isEqualTo(T2);
    }

    @Test
    void credentialsAreSettledForTheSecretAndTheGenerationThatStatusKnows() {
        LilioBucketStatus ready = ready();
        assertThat(at(ready, 1, T2).areCredentialsSettled()).isTrue();
        assertThat(at(ready, 2, T2).areCredentialsSettled()).isFalse();
        assertThat(at(null, 1, T2).areCredentialsSettled()).isFalse();
        LilioBucketStatus elsewhere =
                new LilioBucketStatus("http://demo", "keys", 7L, 70L, ready.conditions());
        assertThat(at(elsewhere, 1, T2).areCredentialsSettled()).isFalse();
        LilioBucketStatus begun = at(ready, 1, T2).replacingCredentials();
        assertThat(at(begun, 1, T2).areCredentialsSettled()).isFalse();
    }

    @Test
    void usageIsWrittenTheFirstTimeAndThenWhenItIsDue() {
        assertThat(at(null, 1, T1).ready("http://demo", FOUND, false).objects()).isEqualTo(7);
        BucketStatus grown = new BucketStatus("photos", T1, "OFF", 9, 90, "uid");
        assertThat(at(ready(), 1, T1).ready("http://demo", grown, false).objects()).isEqualTo(7);
        assertThat(at(ready(), 1, T1).ready("http://demo", grown, true).objects()).isEqualTo(9);
    }

    @Test
    void theBucketOfAnotherIsNotDescribed() {
        LilioBucketStatus status =
                at(ready(), 1, T2)
                        .held(new HeldException(BucketReason.BUCKET_OWNED_BY_ANOTHER, "why"));
        assertThat(status.secret()).isNull();
        assertThat(status.objects()).isNull();
        assertThat(status.bytes()).isNull();
    }

    private static LilioBucketStatus ready() {
        return at(null, 1, T1).ready("http://demo", FOUND, true);
    }

    private static BucketReport at(
            @Nullable LilioBucketStatus before, long generation, Instant now) {
        LilioBucket bucket = new LilioBucket();
        bucket.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace("shop")
                        .withName("photos")
                        .withUid("uid")
                        .withGeneration(generation)
                        .build());
        bucket.setSpec(BucketWorld.SPEC);
        bucket.setStatus(before);
        return new BucketReport(bucket, now);
    }

    private static Condition condition(LilioBucketStatus status, BucketConditionType type) {
        List<Condition> found =
                status.conditions().stream()
                        .filter(condition -> condition.type().equals(type.text()))
                        .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
