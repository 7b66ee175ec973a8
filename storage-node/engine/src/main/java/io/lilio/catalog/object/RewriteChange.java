package io.lilio.catalog.object;

import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.usage.Usage;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Replaces the attributes of the null version in a head; its blobs keep their one owner record. */
final class RewriteChange implements Change<Counted<Stored>> {

    /** What is to be rewritten, and how. */
    record Rewrite(
            Bucket bucket, ObjectVersion source, Attributes attributes, Conditions conditions) {}

    private final Commits commits;
    private final BucketReads reads;
    private final Rewrite rewrite;
    private @Nullable HeadLook decidedOn;

    RewriteChange(Commits commits, BucketReads reads, Rewrite rewrite) {
        this.commits = commits;
        this.reads = reads;
        this.rewrite = rewrite;
    }

    @Override
    public Step<Counted<Stored>> decide() {
        VersionSummary source = rewrite.source().summary();
        HeadLook look =
                HeadLook.at(reads, rewrite.bucket(), rewrite.source().key(), List.of())
                        .orElse(null);
        decidedOn = look;
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        Optional<RefusedReason> unmet = rewrite.conditions().refusal(look.currentObject());
        if (unmet.isPresent()) {
            return new Step.Refuse<>(unmet.get());
        }
        Head head = look.head().orElse(null);
        if (head == null
                || head.summary().seq() != source.seq()
                || head.summary().tag() != source.tag()) {
            return new Step.Refuse<>(RefusedReason.SOURCE_CHANGED);
        }
        if (look.bucket().versioning() == Versioning.ENABLED
                || !(head.current() instanceof Head.Itself(ObjectVersion current))) {
            return new Step.Refuse<>(RefusedReason.NEEDS_COPY);
        }
        return apply(look, rewritten(current, look.nextSeq(), commits.tag(), commits.now()));
    }

    private Step<Counted<Stored>> apply(HeadLook look, ObjectVersion fresh) {
        Head head = new Head(new Head.Itself(fresh), 0, 0);
        return new Step.Apply<>(
                Txn.Purpose.GROW,
                look.unchanged(),
                List.of(new Write.Put(look.headKey(), ObjectRecords.encodeHead(head))),
                OptionalLong.empty(),
                new Counted<>(
                        new Stored(fresh.summary(), look.bucket().versioning()), Usage.none()));
    }

    private ObjectVersion rewritten(ObjectVersion current, long seq, long tag, Instant now) {
        VersionSummary old = current.summary();
        VersionSummary summary =
                new VersionSummary(
                        seq,
                        tag,
                        true,
                        false,
                        now,
                        old.size(),
                        old.etag(),
                        rewrite.attributes().storageClass(),
                        old.checksum());
        return new ObjectVersion(
                current.key(), summary, current.content(), rewrite.attributes(), current.parts());
    }

    @Override
    public Fate fate(Step.Apply<Counted<Stored>> sent) {
        HeadLook look = decidedOn;
        return look == null
                ? Fate.UNPROVEN
                : VersionFate.of(commits.store(), look, sent.result().value().version());
    }
}
