package io.lilio.catalog.usage;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.Scan;
import io.lilio.catalog.record.UsageRecord;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.time.Time;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much each bucket holds. Commits count into memory; {@link #flush} adds what was counted to
 * this node's records; a bucket's usage is the sum over all nodes. Approximate after a crash, until
 * the full walk corrects it. Thread-safe.
 */
public final class UsageRecords {

    /** The node name under which the full walk's corrections are kept. */
    private static final String CORRECTION = "";

    private static final int PAGE = 1_000;
    private static final Logger log = LoggerFactory.getLogger(UsageRecords.class);

    private final MetadataStore store;
    private final Time time;
    private final String node;
    private final Map<UUID, Usage> pending = new ConcurrentHashMap<>();

    /** Held for writing while counts go from memory to a record, where a sum would miss them. */
    private final ReadWriteLock flushing = new ReentrantReadWriteLock();

    /**
     * @param node this node's name, not empty
     */
    public UsageRecords(MetadataStore store, Time time, String node) {
        if (node.isEmpty()) {
            throw new IllegalArgumentException("a node has a name");
        }
        this.store = store;
        this.time = time;
        this.node = node;
    }

    /** Counts a change that was committed. Never blocks. */
    public void count(UUID bucket, Usage change) {
        if (!change.isNone()) {
            pending.merge(bucket, change, Usage::plus);
        }
    }

    /**
     * Writes what was counted since the last time; what could not be written stays counted. A write
     * whose answer was lost is taken as done: the next full walk corrects it if it was not.
     *
     * @throws io.lilio.metadata.MetadataUnavailableException when the metadata do not answer
     */
    public void flush() {
        for (UUID bucket : List.copyOf(pending.keySet())) {
            flushing.writeLock().lock();
            try {
                flush(bucket);
            } finally {
                flushing.writeLock().unlock();
            }
        }
    }

    private void flush(UUID bucket) {
        Usage change = pending.remove(bucket);
        if (change == null || change.isNone()) {
            return;
        }
        boolean written = false;
        try {
            written = add(Keys.usage(bucket, node), change);
        } finally {
            if (!written) {
                count(bucket, change);
            }
        }
    }

    /** Adds to a record; false when somebody else was faster. */
    private boolean add(Bytes key, Usage change) {
        Optional<KeyValue> stored = store.read(List.of(key)).get(0);
        Usage sum = stored.map(UsageRecords::decode).orElse(Usage.none()).plus(change);
        Compare unchanged =
                stored.isPresent()
                        ? new Compare.ModRevision(key, stored.get().modRevision())
                        : new Compare.Absent(key);
        Txn txn = Txn.upkeep().when(unchanged).put(key, encode(sum)).build();
        return switch (store.commit(txn)) {
            case CommitResult.Committed committed -> true;
            case CommitResult.Refused refused -> false;
            case CommitResult.Unknown(Throwable cause) -> {
                log.warn("usage may have been counted or not: {}", cause.getMessage());
                yield true;
            }
        };
    }

    /**
     * A bucket's usage: includes what this node has counted and not yet written, and of other nodes
     * what they have written.
     */
    public Usage of(UUID bucket) {
        return summed(Keys.usage(bucket)).getOrDefault(bucket, Usage.none());
    }

    /** All buckets' usage, in the same way. */
    public Map<UUID, Usage> all() {
        return summed(Keys.allUsage());
    }

    /** Corrects a bucket's usage by as much as it was found to be wrong. */
    public void correct(UUID bucket, Usage error) {
        if (!add(Keys.usage(bucket, CORRECTION), error)) {
            log.info("another walk corrects the usage of bucket {}", bucket);
        }
    }

    /** Removes the records of a bucket that is gone, as far as the metadata answer. */
    public void forget(UUID bucket) {
        pending.remove(bucket);
        Txn.Builder txn = Txn.upkeep();
        try (ReadView view = store.view()) {
            view.scan(Keys.usage(bucket), Txn.MAX_OPERATIONS)
                    .entries()
                    .forEach(stored -> txn.delete(stored.key()));
            CommitResult result = store.commit(txn.build());
            log.debug("usage records of bucket {} removed: {}", bucket, result);
        } catch (MetadataUnavailableException e) {
            log.info("usage records of bucket {} are left: {}", bucket, e.getMessage());
        }
    }

    /** Records of that range, and what is not yet written of their buckets and all others. */
    private Map<UUID, Usage> summed(KeyRange range) {
        Lock reading = flushing.readLock();
        reading.lock();
        try (ReadView view = store.view()) {
            Map<UUID, Usage> sums = new HashMap<>(pending);
            Scan.all(
                    view,
                    range,
                    PAGE,
                    stored -> sums.merge(Keys.bucketOf(stored.key()), decode(stored), Usage::plus));
            return sums;
        } finally {
            reading.unlock();
        }
    }

    private Bytes encode(Usage usage) {
        return Records.bytes(
                UsageRecord.newBuilder()
                        .setObjects(usage.objects())
                        .setBytes(usage.bytes())
                        .setUpdatedMillis(time.now().toEpochMilli())
                        .build());
    }

    private static Usage decode(KeyValue stored) {
        UsageRecord record = Records.parse(UsageRecord.parser(), stored);
        return new Usage(record.getObjects(), record.getBytes());
    }
}
