package io.lilio.simulation;

import io.lilio.catalog.Keys;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.object.Head;
import io.lilio.catalog.object.ObjectRecords;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkId;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The reads that are under way, and what each has found in the metadata. What a read has found
 * stays where the ring of that moment has it, for as long as the read's session lives: neither the
 * sweep nor a drop nor a collection takes it away.
 */
final class Readers {

    private final Cluster cluster;
    private final Map<Activity, Reader> readers = new LinkedHashMap<>();

    /** One read: its session, and the blobs that it has found. */
    private record Reader(long incarnation, Map<BlobId, Found> found) {}

    private record Found(BlobRef blob, RingView view) {}

    Readers(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A read begins, in this session. */
    void begin(Activity activity, long incarnation) {
        readers.put(activity, new Reader(incarnation, new HashMap<>()));
    }

    void end(Activity activity) {
        readers.remove(activity);
    }

    /** The metadata are about to answer something to somebody. */
    void answered(Optional<Activity> asking, ReadResult result) {
        Reader reader = asking.map(readers::get).orElse(null);
        if (reader == null) {
            return;
        }
        for (Optional<KeyValue> stored : result.values()) {
            Optional<BlobRef> blob = stored.flatMap(Readers::blob);
            if (blob.isPresent()) {
                Found found = new Found(blob.get(), cluster.truth().view());
                reader.found().put(blob.get().id(), found);
            }
        }
    }

    private static Optional<BlobRef> blob(KeyValue stored) {
        Optional<ObjectVersion> version = Optional.empty();
        if (Keys.allHeads().contains(stored.key())) {
            version =
                    ObjectRecords.decodeHead(stored).current() instanceof Head.Itself(var itself)
                            ? Optional.of(itself)
                            : Optional.empty();
        } else if (Keys.allVersions().contains(stored.key())) {
            version = Optional.of(ObjectRecords.decodeVersion(stored));
        }
        return version.flatMap(ObjectVersion::content)
                .flatMap(
                        content ->
                                content instanceof Content.Blob(BlobRef blob)
                                        ? Optional.of(blob)
                                        : Optional.empty());
    }

    /** Who needs one of these where it is; empty when nobody does. */
    Optional<String> needing(MemberId member, Collection<ChunkId> doomed) {
        for (Map.Entry<Activity, Reader> entry : readers.entrySet()) {
            SimulatedProcess process = entry.getKey().process();
            for (ChunkId chunk : doomed) {
                Found found = entry.getValue().found().get(chunk.blob());
                if (found != null
                        && !process.isDead()
                        && places(found, chunk, member)
                        && isAlive(entry.getValue().incarnation())) {
                    return Optional.of("a read at %s of %s".formatted(process.name(), chunk));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a read of a session that lives has found a blob, and may want it still. */
    boolean isRead(BlobId blob) {
        return readers.entrySet().stream()
                .anyMatch(
                        entry ->
                                entry.getValue().found().containsKey(blob)
                                        && !entry.getKey().process().isDead()
                                        && isAlive(entry.getValue().incarnation()));
    }

    private static boolean places(Found found, ChunkId chunk, MemberId member) {
        RingView view = found.view();
        return view.slots(chunk.partition(view.partitions()), found.blob().epoch())
                .contains(member);
    }

    private boolean isAlive(long incarnation) {
        KeyRange sessions = KeyRange.ofPrefix(Bytes.wrap(new byte[] {Phases.SESSIONS}));
        try (ReadView view = cluster.metadata().store().view()) {
            return view.scan(sessions, 1_000).entries().stream()
                    .anyMatch(stored -> stored.createRevision() == incarnation);
        }
    }
}
