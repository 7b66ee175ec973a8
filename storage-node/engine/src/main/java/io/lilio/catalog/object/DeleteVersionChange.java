package io.lilio.catalog.object;

import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.BucketReads;
import io.lilio.catalog.commit.Change;
import io.lilio.catalog.commit.Commits;
import io.lilio.catalog.commit.Fate;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.commit.Step;
import io.lilio.catalog.trash.TrashRecords;
import io.lilio.catalog.usage.Usage;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Deletes one version for good. When it was the current one, the head becomes a summary of the next
 * newest, which stays among the versions; when there is none, the head goes too. The head is
 * written in any case, so that every other change of the key notices.
 */
final class DeleteVersionChange implements Change<Counted<Deleted>> {

    /** What is to be deleted. */
    record Delete(Bucket bucket, String key, VersionId version, Conditions conditions) {}

    private final Commits commits;
    private final BucketReads reads;
    private final Delete delete;
    private Optional<ObjectVersion> target = Optional.empty();

    DeleteVersionChange(Commits commits, BucketReads reads, Delete delete) {
        this.commits = commits;
        this.reads = reads;
        this.delete = delete;
    }

    @Override
    public Step<Counted<Deleted>> decide() {
        HeadLook look = HeadLook.at(reads, delete.bucket(), delete.key(), List.of()).orElse(null);
        if (look == null) {
            return new Step.Refuse<>(RefusedReason.NO_SUCH_BUCKET);
        }
        Optional<Head> head = look.head();
        target =
                head.flatMap(
                        there -> Versions.find(commits.store(), look, there, delete.version()));
        Optional<RefusedReason> unmet =
                delete.conditions()
                        .refusal(
                                target.map(ObjectVersion::summary)
                                        .filter(summary -> !summary.deleteMarker()));
        if (unmet.isPresent()) {
            return new Step.Refuse<>(unmet.get());
        }
        if (head.isEmpty() || target.isEmpty()) {
            return new Step.Done<>(new Counted<>(deleted(look, false), Usage.none()));
        }
        return remove(look, head.get(), target.get());
    }

    private Step<Counted<Deleted>> remove(HeadLook look, Head head, ObjectVersion gone) {
        List<Write> writes = new ArrayList<>();
        boolean current = head.summary().seq() == gone.summary().seq();
        if (!(current && head.current() instanceof Head.Itself)) {
            writes.add(new Write.Delete(versionKey(look, gone)));
        }
        long nullSeq = gone.summary().nullVersion() ? 0 : head.nullSeq();
        Optional<Head.Current> next =
                current ? nextNewest(look, gone) : Optional.of(head.current());
        writes.add(
                next.<Write>map(
                                summary ->
                                        new Write.Put(
                                                look.headKey(),
                                                ObjectRecords.encodeHead(
                                                        new Head(summary, nullSeq, 0))))
                        .orElseGet(() -> new Write.Delete(look.headKey())));
        gone.content()
                .flatMap(
                        content ->
                                TrashRecords.discard(
                                        look.bucket().id(), look.key(), content, commits.now()))
                .ifPresent(writes::add);
        Usage change = Usage.none().minus(Succession.usage(gone));
        return new Step.Apply<>(
                Txn.Purpose.UPKEEP,
                look.unchanged(),
                writes,
                OptionalLong.empty(),
                new Counted<>(deleted(look, gone.deleteMarker()), change));
    }

    /** Only a summary: a manifest among the versions stays there. */
    private Optional<Head.Current> nextNewest(HeadLook look, ObjectVersion gone) {
        KeyRange older =
                Keys.versionsOlderThan(look.bucket().id(), look.key(), gone.summary().seq());
        try (ReadView view = commits.store().view()) {
            return view.scan(older, 1).entries().stream()
                    .findFirst()
                    .map(
                            stored ->
                                    new Head.AmongVersions(
                                            ObjectRecords.decodeVersion(stored).summary()));
        }
    }

    private static Bytes versionKey(HeadLook look, ObjectVersion version) {
        return Keys.version(look.bucket().id(), look.key(), version.summary().seq());
    }

    private Deleted deleted(HeadLook look, boolean marker) {
        Optional<VersionId> named = Optional.of(delete.version());
        return new Deleted(marker ? named : Optional.empty(), named, look.bucket().versioning());
    }

    /**
     * A version that is gone never comes back, and being gone is what was asked for, whoever
     * removed it; unless it was asked for on conditions, which then held for one of several that
     * may have. One that is still there (possibly moved from the head to the versions) was not
     * deleted.
     */
    @Override
    public Fate fate(Step.Apply<Counted<Deleted>> sent) {
        ObjectVersion ours = target.orElseThrow();
        Bytes headKey = Keys.head(delete.bucket().id(), delete.key());
        Bytes versionKey = Keys.version(delete.bucket().id(), delete.key(), ours.summary().seq());
        List<Optional<KeyValue>> now = commits.store().read(List.of(headKey, versionKey)).values();
        Optional<Head> head = now.get(0).map(ObjectRecords::decodeHead);
        boolean there =
                is(head.map(Head::summary), ours)
                        || is(
                                now.get(1).map(it -> ObjectRecords.decodeVersion(it).summary()),
                                ours);
        if (there) {
            return Fate.NOT_APPLIED;
        }
        // A null version may have been replaced by another one, and deleted only after that.
        boolean anotherNull =
                ours.summary().nullVersion()
                        && head.isPresent()
                        && (head.get().nullSeq() != 0 || head.get().summary().nullVersion());
        return anotherNull || !delete.conditions().isNone() ? Fate.UNPROVEN : Fate.APPLIED;
    }

    private static boolean is(Optional<VersionSummary> found, ObjectVersion ours) {
        return found.isPresent()
                && found.get().seq() == ours.summary().seq()
                && found.get().tag() == ours.summary().tag();
    }
}
