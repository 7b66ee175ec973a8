package io.lilio.catalog.object;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.trash.TrashRecords;
import io.lilio.catalog.usage.Usage;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the current version of a key: for good where versioning was never enabled, else by
 * putting a delete marker on top (which, like any version, replaces the null version while
 * versioning is suspended).
 */
final class DeleteChange implements Change<Counted<Deleted>> {

    /** What is to be deleted. */
    record Delete(Bucket bucket, String key, Conditions conditions) {}

    private final Commits commits;
    private final BucketReads reads;
    private final Delete delete;
    private @Nullable HeadLook decidedOn;
    private @Nullable VersionSummary marker;

    DeleteChange(Commits commits, BucketReads reads, Delete delete) {
        this.commits = commits;
        this.reads = reads;
        this.delete = delete;
    }

    @Override
    public Step<Counted<Deleted>> decide() {
        HeadLook look = HeadLook.at(reads, delete.bucket(), delete.key(), List.of()).orElse(null);
        decidedOn = look;
        marker = null;
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        Optional<RefusedReason> unmet = delete.conditions().refusal(look.currentObject());
        if (unmet.isPresent()) {
            return new Step.Refuse<>(unmet.get());
        }
        return look.bucket().versioning() == Versioning.OFF ? forGood(look) : byMarker(look);
    }

    private Step<Counted<Deleted>> forGood(HeadLook look) {
        Deleted deleted = new Deleted(Optional.empty(), Optional.empty(), Versioning.OFF);
        if (look.head().isEmpty()) {
            return new Step.Done<>(new Counted<>(deleted, Usage.none()));
        }
        if (!(look.head().get().current() instanceof Head.Itself(ObjectVersion old))) {
            throw new IllegalStateException("a version in a bucket that never had versioning");
        }
        List<Write> writes = new ArrayList<>();
        writes.add(new Write.Delete(look.headKey()));
        old.content()
                .flatMap(
                        content ->
                                TrashRecords.discard(
                                        look.bucket().id(), look.key(), content, commits.now()))
                .ifPresent(writes::add);
        Usage change = Usage.none().minus(Succession.usage(old));
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                look.unchanged(),
                writes,
                OptionalLong.empty(),
                new Counted<>(deleted, change));
    }

    private Step<Counted<Deleted>> byMarker(HeadLook look) {
        ObjectVersion fresh = markerAt(look, commits.tag(), commits.now());
        marker = fresh.summary();
        Deleted deleted =
                new Deleted(Optional.of(fresh.id()), Optional.empty(), look.bucket().versioning());
        return Succession.of(commits.store(), look, fresh)
                .<Step<Counted<Deleted>>>map(
                        succession ->
                                new Step.Apply<>(
                                        Txn.Purpose.GROW,
                                        look.unchanged(),
                                        succession.writes(),
                                        OptionalLong.empty(),
                                        new Counted<>(deleted, succession.change())))
                .orElseGet(Step.Again::new);
    }

    private static ObjectVersion markerAt(HeadLook look, long tag, Instant now) {
        VersionSummary summary =
                new VersionSummary(
                        look.nextSeq(),
                        tag,
                        look.bucket().versioning() != Versioning.ENABLED,
                        true,
                        now,
                        0,
                        "",
                        Optional.empty(),
                        Optional.empty());
        return new ObjectVersion(look.key(), summary, Optional.empty(), Attributes.none(), 0);
    }

    /**
     * For good: an object that is not there is what was asked for, whoever removed it; unless it
     * was asked for on conditions, which then held for one of several that may have removed it.
     */
    @Override
    public Fate fate(Step.Apply<Counted<Deleted>> sent) {
        HeadLook look = decidedOn;
        VersionSummary made = marker;
        if (look == null) {
            return Fate.UNPROVEN;
        }
        if (made != null) {
            return VersionFate.of(commits.store(), look, made);
        }
        Optional<KeyValue> now = commits.store().read(List.of(look.headKey())).get(0);
        if (now.isEmpty()) {
            return delete.conditions().isNone() ? Fate.APPLIED : Fate.UNPROVEN;
        }
        boolean same =
                look.head().isPresent()
                        && now.get().modRevision() == look.head().get().modRevision();
        return same ? Fate.NOT_APPLIED : Fate.UNPROVEN;
    }
}
