package io.lilio.catalog.loss;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
import io.lilio.catalog.bucket.BucketNames;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Head;
import io.lilio.catalog.object.ObjectRecords;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.chunk.ChunkId;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.placement.Endangered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One page of a {@link LossWalk} in the making. Not thread-safe. */
final class LossLook {

    private static final int SCAN = 500;

    /** What a question for parts costs, in records: beside few parts it is what takes the time. */
    private static final int QUESTION = 10;

    private final ReadView view;
    private final Endangered endangered;
    private final LossWalk.Bounds bounds;
    private final List<Find> found = new ArrayList<>();
    private int looked;

    LossLook(ReadView view, Endangered endangered, LossWalk.Bounds bounds) {
        this.view = view;
        this.endangered = endangered;
        this.bounds = bounds;
    }

    /** Something at risk, before its bucket's name is known. */
    private record Find(UUID bucket, Function<String, AtRisk> inBucket) {}

    LossWalk.Page from(LossCursor begin) {
        Optional<LossCursor> at = Optional.of(begin);
        while (at.isPresent() && !isFull()) {
            at = scan(at.get());
        }
        return new LossWalk.Page(named(), at);
    }

    private boolean isFull() {
        return found.size() >= bounds.found() || looked >= bounds.records();
    }

    private int scanLimit() {
        return Math.clamp(bounds.records() - looked, 1, SCAN);
    }

    /** Some records more; where to go on. */
    private Optional<LossCursor> scan(LossCursor at) {
        LossTable table = LossTable.of(at.key()).orElseThrow();
        Bytes from = at.part() > 0 ? at.key() : at.key().next();
        ScanPage page = view.scan(new KeyRange(from, table.range().to()), scanLimit());
        for (KeyValue stored : page.entries()) {
            looked++;
            int part = look(table, stored, stored.key().equals(at.key()) ? at.part() : 0);
            if (isFull()) {
                return Optional.of(new LossCursor(stored.key(), part));
            }
        }
        return page.complete()
                ? table.next().map(LossTable::begin)
                : Optional.of(new LossCursor(page.entries().getLast().key(), 0));
    }

    /** Looks at a record; the last part that was looked at when there may be more, else 0. */
    private int look(LossTable table, KeyValue stored, int afterPart) {
        return switch (table) {
            case HEADS -> {
                if (ObjectRecords.decodeHead(stored).current()
                        instanceof Head.Itself(ObjectVersion version)) {
                    version(stored, version);
                }
                yield 0;
            }
            case VERSIONS -> {
                version(stored, ObjectRecords.decodeVersion(stored));
                yield 0;
            }
            case UPLOADS -> upload(stored, afterPart);
        };
    }

    private void version(KeyValue stored, ObjectVersion version) {
        if (version.content().filter(this::isEndangered).isPresent()) {
            found.add(
                    new Find(
                            Keys.bucketOf(stored.key()),
                            bucket -> new AtRisk.OfVersion(bucket, version.key(), version.id())));
        }
    }

    private boolean isEndangered(Content content) {
        return switch (content) {
            case Content.Inline _ -> false;
            case Content.Blob(BlobRef blob) -> isEndangered(blob);
            case Content.Multipart multipart -> isAnyEndangered(multipart);
        };
    }

    private boolean isEndangered(BlobRef blob) {
        int partitions = endangered.view().partitions();
        for (int index = 0; index < blob.chunks(); index++) {
            int partition = new ChunkId(blob.id(), index, 0).partition(partitions);
            if (endangered.includes(partition, blob.epoch())) {
                return true;
            }
        }
        return false;
    }

    private boolean isAnyEndangered(Content.Multipart multipart) {
        looked += QUESTION;
        KeyRange rest = Keys.parts(multipart.upload(), 0);
        while (true) {
            ScanPage page = view.scan(rest, SCAN);
            looked += page.entries().size();
            for (KeyValue stored : page.entries()) {
                Part part = ContentRecords.decodePart(stored);
                if (multipart.contains(part.number()) && isEndangered(part.blob())) {
                    return true;
                }
            }
            if (page.complete()) {
                return false;
            }
            rest = Scan.after(page, rest);
        }
    }

    private int upload(KeyValue stored, int after) {
        looked += QUESTION;
        UUID upload = Keys.uploadOf(stored.key());
        KeyRange rest = Keys.parts(upload, after);
        while (true) {
            ScanPage page = view.scan(rest, scanLimit());
            for (KeyValue each : page.entries()) {
                looked++;
                Part part = ContentRecords.decodePart(each);
                if (isEndangered(part.blob())) {
                    found.add(find(stored, upload, part.number()));
                }
                if (isFull()) {
                    return part.number();
                }
            }
            if (page.complete()) {
                return 0;
            }
            rest = Scan.after(page, rest);
        }
    }

    private static Find find(KeyValue stored, UUID upload, int part) {
        String key = Keys.keyOf(stored.key());
        return new Find(
                Keys.bucketOf(stored.key()),
                bucket -> new AtRisk.OfUpload(bucket, key, upload, part));
    }

    /** A bucket without a record, which is being removed, has nothing to lose. */
    private List<AtRisk> named() {
        Map<UUID, String> names =
                BucketNames.of(view, found.stream().map(Find::bucket).collect(Collectors.toSet()));
        List<AtRisk> named = new ArrayList<>();
        for (Find find : found) {
            String name = names.get(find.bucket());
            if (name != null) {
                named.add(find.inBucket().apply(name));
            }
        }
        return List.copyOf(named);
    }
}
