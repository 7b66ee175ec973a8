package io.lilio.catalog.object;

import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.content.Content;
import io.lilio.metadata.Txn;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Makes an object the current version of its key. */
final class PutChange implements Change<Counted<Stored>> {

    /**
     * What is to be put where.
     *
     * @param opened what was there before
     */
    record Put(HeadLook opened, Draft draft, Conditions conditions) {}

    private final Commits commits;
    private final BucketReads reads;
    private final Put put;
    private @Nullable HeadLook decidedOn;

    PutChange(Commits commits, BucketReads reads, Put put) {
        this.commits = commits;
        this.reads = reads;
        this.put = put;
    }

    @Override
    public Step<Counted<Stored>> decide() {
        HeadLook look = decidedOn == null ? put.opened() : lookAgain();
        decidedOn = look;
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        Optional<RefusedReason> unmet = put.conditions().refusal(look.currentObject());
        if (unmet.isPresent()) {
            return new Step.Refuse<>(unmet.get());
        }
        ObjectVersion fresh = put.draft().at(look, commits.tag(), commits.now());
        return Succession.of(commits.store(), look, fresh)
                .<Step<Counted<Stored>>>map(succession -> apply(look, fresh, succession))
                .orElseGet(Step.Again::new);
    }

    private @Nullable HeadLook lookAgain() {
        HeadLook opened = put.opened();
        return HeadLook.at(reads, opened.bucket(), opened.key(), List.of()).orElse(null);
    }

    private Step<Counted<Stored>> apply(HeadLook look, ObjectVersion fresh, Succession succession) {
        Versioning versioning = look.bucket().versioning();
        return new Step.Apply<>(
                Txn.Purpose.GROW,
                look.unchanged(),
                succession.writes(),
                epoch(),
                new Counted<>(new Stored(fresh.summary(), versioning), succession.change()));
    }

    private OptionalLong epoch() {
        return put.draft().content() instanceof Content.Blob(var blob)
                ? OptionalLong.of(blob.epoch())
                : OptionalLong.empty();
    }

    @Override
    public Fate fate(Step.Apply<Counted<Stored>> sent) {
        HeadLook look = decidedOn;
        return look == null
                ? Fate.UNPROVEN
                : VersionFate.of(commits.store(), look, sent.result().value().version());
    }
}
