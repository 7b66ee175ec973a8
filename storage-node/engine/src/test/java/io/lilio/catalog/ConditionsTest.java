package io.lilio.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Conditions.Verdict;
import io.lilio.catalog.object.VersionSummary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConditionsTest {

    private static final Instant MODIFIED = Instant.parse("2026-01-01T00:00:00.500Z");
    private static final Instant SAME_SECOND = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant BEFORE = SAME_SECOND.minusSeconds(1);
    private static final Instant AFTER = SAME_SECOND.plusSeconds(1);

    private final VersionSummary object =
            new VersionSummary(
                    1, 1, true, false, MODIFIED, 1, "e", Optional.empty(), Optional.empty());

    private static Conditions of(
            @Nullable String ifMatch,
            @Nullable String ifNoneMatch,
            @Nullable Instant modifiedSince,
            @Nullable Instant unmodifiedSince) {
        return new Conditions(
                ifMatch == null ? List.of() : List.of("other", ifMatch),
                ifNoneMatch == null ? List.of() : List.of("other", ifNoneMatch),
                Optional.ofNullable(modifiedSince),
                Optional.ofNullable(unmodifiedSince));
    }

    private void read(Conditions conditions, Verdict verdict) {
        assertThat(conditions.forRead(object)).as(conditions.toString()).isEqualTo(verdict);
    }

    @Test
    void eachConditionAlone() {
        read(Conditions.none(), Verdict.PASSED);
        read(of("e", null, null, null), Verdict.PASSED);
        read(of("*", null, null, null), Verdict.PASSED);
        read(of("x", null, null, null), Verdict.FAILED);
        read(of(null, "e", null, null), Verdict.NOT_MODIFIED);
        read(of(null, "*", null, null), Verdict.NOT_MODIFIED);
        read(of(null, "x", null, null), Verdict.PASSED);
        read(of(null, null, BEFORE, null), Verdict.PASSED);
        read(of(null, null, SAME_SECOND, null), Verdict.NOT_MODIFIED);
        read(of(null, null, AFTER, null), Verdict.NOT_MODIFIED);
        read(of(null, null, null, BEFORE), Verdict.FAILED);
        read(of(null, null, null, SAME_SECOND), Verdict.PASSED);
        read(of(null, null, null, AFTER), Verdict.PASSED);
    }

    @Test
    void etagsDecideOverDates() {
        read(of("e", null, null, BEFORE), Verdict.PASSED);
        read(of("x", null, null, AFTER), Verdict.FAILED);
        read(of(null, "e", BEFORE, null), Verdict.NOT_MODIFIED);
        read(of(null, "x", AFTER, null), Verdict.PASSED);
        read(of("e", "e", null, null), Verdict.NOT_MODIFIED);
        read(of("x", "e", null, null), Verdict.FAILED);
    }

    @Test
    void forTheSourceOfACopyNotModifiedIsAFailure() {
        assertThat(of(null, "e", null, null).forCopySource(object)).isEqualTo(Verdict.FAILED);
        assertThat(of("e", null, null, null).forCopySource(object)).isEqualTo(Verdict.PASSED);
    }

    @Test
    void aWriteMayAskForAbsenceOrForWhatItSaw() {
        Optional<VersionSummary> none = Optional.empty();
        assertThat(of(null, "*", null, null).forWrite(none)).isEqualTo(Verdict.PASSED);
        assertThat(of(null, "*", null, null).forWrite(Optional.of(object)))
                .isEqualTo(Verdict.FAILED);
        assertThat(of("e", null, null, null).forWrite(none)).isEqualTo(Verdict.NO_OBJECT);
        assertThat(of("e", null, null, null).forWrite(Optional.of(object)))
                .isEqualTo(Verdict.PASSED);
    }
}
