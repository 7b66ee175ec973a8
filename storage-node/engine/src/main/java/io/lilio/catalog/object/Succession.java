package io.lilio.catalog.object;

import io.lilio.catalog.Keys;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.trash.TrashRecords;
import io.lilio.catalog.usage.Usage;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The writes that make a new version the current one, by the bucket's versioning:
 *
 * <ul>
 *   <li>off: it replaces the manifest in the head; what that owned goes to the trash.
 *   <li>enabled: it goes among the versions and the head becomes its summary; a null version in the
 *       head moves among the versions. Nothing goes to the trash.
 *   <li>suspended: it becomes the null version, in the head; the null version before, in the head
 *       or among the versions, goes to the trash.
 * </ul>
 *
 * <p>A manifest moves from a head to the versions, never back: a walk that reads heads before
 * versions misses none.
 *
 * @param change of the bucket's usage
 */
public record Succession(List<Write> writes, Usage change) {

    /**
     * Works them out.
     *
     * @return empty when the null version among the versions has gone since the look: look again
     */
    public static Optional<Succession> of(MetadataStore store, HeadLook look, ObjectVersion fresh) {
        if (look.bucket().versioning() == Versioning.ENABLED) {
            return Optional.of(amongVersions(look, fresh));
        }
        long nullSeq = look.head().map(Head::nullSeq).orElse(0L);
        if (nullSeq == 0) {
            return Optional.of(inHead(look, fresh, nullInHead(look), List.of()));
        }
        Bytes nullKey = Keys.version(look.bucket().id(), look.key(), nullSeq);
        Optional<KeyValue> stored = store.read(List.of(nullKey)).get(0);
        return stored.map(
                there ->
                        inHead(
                                look,
                                fresh,
                                Optional.of(ObjectRecords.decodeVersion(there)),
                                List.of(new Write.Delete(nullKey))));
    }

    private static Succession amongVersions(HeadLook look, ObjectVersion fresh) {
        List<Write> writes = new ArrayList<>();
        Optional<ObjectVersion> moved = nullInHead(look);
        moved.ifPresent(version -> writes.add(putVersion(look, version)));
        long nullSeq =
                moved.map(version -> version.summary().seq())
                        .orElse(look.head().map(Head::nullSeq).orElse(0L));
        writes.add(putVersion(look, fresh));
        Head head = new Head(new Head.AmongVersions(fresh.summary()), nullSeq, 0);
        writes.add(new Write.Put(look.headKey(), ObjectRecords.encodeHead(head)));
        return new Succession(List.copyOf(writes), usage(fresh));
    }

    private static Succession inHead(
            HeadLook look,
            ObjectVersion fresh,
            Optional<ObjectVersion> replaced,
            List<Write> removal) {
        List<Write> writes = new ArrayList<>(removal);
        Head head = new Head(new Head.Itself(fresh), 0, 0);
        writes.add(new Write.Put(look.headKey(), ObjectRecords.encodeHead(head)));
        Usage change = usage(fresh);
        if (replaced.isPresent()) {
            discard(look, replaced.get(), fresh).ifPresent(writes::add);
            change = change.minus(usage(replaced.get()));
        }
        return new Succession(List.copyOf(writes), change);
    }

    private static Optional<ObjectVersion> nullInHead(HeadLook look) {
        return look.head().map(Head::current).stream()
                .filter(Head.Itself.class::isInstance)
                .map(current -> ((Head.Itself) current).version())
                .findFirst();
    }

    private static Write putVersion(HeadLook look, ObjectVersion version) {
        return new Write.Put(
                Keys.version(look.bucket().id(), look.key(), version.summary().seq()),
                ObjectRecords.encodeVersion(version));
    }

    /** The trash gets exactly what the old version owns and the new one does not. */
    private static Optional<Write> discard(HeadLook look, ObjectVersion old, ObjectVersion fresh) {
        Optional<Content> content = old.content();
        if (content.isEmpty() || content.equals(fresh.content())) {
            return Optional.empty();
        }
        return TrashRecords.discard(
                look.bucket().id(), look.key(), content.get(), fresh.summary().lastModified());
    }

    /** What a version counts for. */
    static Usage usage(ObjectVersion version) {
        return version.deleteMarker() ? Usage.none() : new Usage(1, version.size());
    }
}
