package io.lilio.catalog.ring;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.placement.SettledEpochs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ring document, open epochs and settled partitions in the metadata. Changed only by
 * compare-and-set. Thread-safe; every call asks the store and may throw {@link
 * MetadataUnavailableException}, also when it cannot be told whether a change happened.
 */
public final class RingStore {

    private static final int PAGE = 1_000;
    private static final Bytes EMPTY = Bytes.empty();

    private final MetadataStore store;

    public RingStore(MetadataStore store) {
        this.store = store;
    }

    /** The cluster's identity; empty when the metadata knows of no cluster. */
    public Optional<UUID> clusterId() {
        return store.read(List.of(Keys.cluster())).get(0).map(RingStore::idOf);
    }

    /** The identity in the stored {@link Keys#cluster()}. */
    public static UUID idOf(KeyValue stored) {
        return RingRecords.uuid(ByteBuffer.wrap(stored.value().array()));
    }

    /**
     * Gives the metadata an identity, unless they have one: the first step of founding a cluster,
     * before any backend is labelled with it.
     *
     * @param fresh used by nobody else
     * @return the one that they have now
     */
    public UUID identify(UUID fresh) {
        CommitResult result =
                store.commit(
                        Txn.grow()
                                .when(new Compare.Absent(Keys.cluster()))
                                .put(Keys.cluster(), RingRecords.uuid(fresh))
                                .build());
        return clusterId()
                .orElseThrow(
                        () ->
                                unknown(
                                        "the cluster was given an identity",
                                        result instanceof CommitResult.Unknown(Throwable cause)
                                                ? cause
                                                : null));
    }

    /** Holds as long as the metadata are those of this cluster. */
    public static Compare isCluster(UUID id) {
        return new Compare.ValueEquals(Keys.cluster(), RingRecords.uuid(id));
    }

    /**
     * Founds a cluster: gives it its identity, unless it has one, and then its ring document and
     * the open key of the ring's epoch, both or nothing.
     *
     * @param cluster its identity
     * @return false when somebody else has founded it, or the metadata are of another cluster
     */
    public boolean create(UUID cluster, Ring ring) {
        if (!identify(cluster).equals(cluster)) {
            return false;
        }
        Txn txn =
                Txn.grow()
                        .when(isCluster(cluster))
                        .when(new Compare.Absent(Keys.ring()))
                        .put(Keys.ring(), RingRecords.ring(ring))
                        .put(Keys.openEpoch(ring.epoch()), EMPTY)
                        .build();
        return switch (store.commit(txn)) {
            case CommitResult.Committed committed -> true;
            case CommitResult.Refused refused -> false;
            case CommitResult.Unknown(Throwable cause) -> {
                Optional<KeyValue> there = store.read(List.of(Keys.ring())).get(0);
                if (there.isPresent()) {
                    yield there.get().value().equals(RingRecords.ring(ring));
                }
                throw unknown("the cluster was founded", cause);
            }
        };
    }

    /** The ring document and what is settled, at one revision; empty when there is no cluster. */
    public Optional<RingView> load() {
        return read(null).map(Loaded::view);
    }

    /**
     * What was loaded.
     *
     * @param revision of the store, that the view is a picture of
     */
    record Loaded(long revision, RingView view) {}

    /**
     * @param known a document read earlier: not parsed again when it is still the stored one
     */
    Optional<Loaded> read(@Nullable Ring known) {
        try (ReadView view = store.view()) {
            Optional<KeyValue> ring = view.read(List.of(Keys.ring())).get(0);
            if (ring.isEmpty()) {
                return Optional.empty();
            }
            Map<Integer, SettledEpochs.Settled> settled = new HashMap<>();
            Scan.all(
                    view,
                    Keys.allSettled(),
                    PAGE,
                    stored ->
                            settled.put(
                                    Keys.partitionOf(stored.key()), RingRecords.settled(stored)));
            Ring parsed =
                    known != null && known.revision() == ring.get().modRevision()
                            ? known
                            : RingRecords.ring(ring.get());
            return Optional.of(
                    new Loaded(view.revision(), new RingView(parsed, new SettledEpochs(settled))));
        }
    }

    /**
     * Replaces the ring document, and opens its epoch when that is a new one.
     *
     * @param current the document as it was read
     * @return the document as stored; empty when another change came first
     */
    public Optional<Ring> replace(Ring current, Ring next) {
        Bytes value = RingRecords.ring(next);
        Txn.Builder txn =
                Txn.upkeep()
                        .when(new Compare.ModRevision(Keys.ring(), current.revision()))
                        .put(Keys.ring(), value);
        if (next.epoch() > current.epoch()) {
            txn.put(Keys.openEpoch(next.epoch()), EMPTY);
        }
        return switch (store.commit(txn.build())) {
            case CommitResult.Committed(long revision) -> Optional.of(next.atRevision(revision));
            case CommitResult.Refused refused -> Optional.empty();
            case CommitResult.Unknown(Throwable cause) -> {
                Optional<KeyValue> now = store.read(List.of(Keys.ring())).get(0);
                if (now.isPresent() && now.get().value().equals(value)) {
                    yield Optional.of(next.atRevision(now.get().modRevision()));
                }
                throw unknown("the ring document was replaced", cause);
            }
        };
    }

    /** The epochs under which blobs may still be committed. */
    public SortedSet<Long> openEpochs() {
        SortedSet<Long> epochs = new TreeSet<>();
        try (ReadView view = store.view()) {
            Scan.all(
                    view,
                    Keys.openEpochs(),
                    PAGE,
                    stored -> epochs.add(Keys.epochOf(stored.key())));
        }
        return epochs;
    }

    /** Ends an epoch: from now on no blob of it is committed. Closing it again is no error. */
    public void closeEpoch(long epoch) {
        CommitResult result = store.commit(Txn.upkeep().delete(Keys.openEpoch(epoch)).build());
        if (result instanceof CommitResult.Unknown(Throwable cause)) {
            throw unknown("epoch " + epoch + " was closed", cause);
        }
    }

    /**
     * Settles partitions at the newest epoch of a ring document, all of them or none, provided that
     * this still is the newest epoch and the same operation is under way (rule
     * SETTLE_COMPARES_EPOCH). Those that somebody else has settled there are left out.
     *
     * @param partitions fewer than {@link Txn#MAX_OPERATIONS}
     * @param mover the picture that the mover worked by
     * @return how many this call has settled; none when the ring has moved on
     */
    public int settle(Collection<Integer> partitions, RingView mover) {
        Ring ring = mover.ring();
        long ringRevision = ring.revision();
        SettledEpochs settled = mover.settled();
        List<Integer> left = unsettled(partitions, settled, ring.epoch());
        while (!left.isEmpty()) {
            Txn.Builder txn = Txn.upkeep().when(new Compare.ModRevision(Keys.ring(), ringRevision));
            for (int partition : left) {
                Bytes key = Keys.settled(partition);
                long revision = settled.revision(partition);
                txn.when(
                                revision == 0
                                        ? new Compare.Absent(key)
                                        : new Compare.ModRevision(key, revision))
                        .put(key, RingRecords.settled(ring.epoch()));
            }
            switch (store.commit(txn.build())) {
                case CommitResult.Committed _ -> {
                    return left.size();
                }
                case CommitResult.Refused _ -> {
                    // The document changed, perhaps without a new epoch, or another mover settled.
                    List<Bytes> keys = new ArrayList<>(List.of(Keys.ring()));
                    left.forEach(partition -> keys.add(Keys.settled(partition)));
                    List<Optional<KeyValue>> reads = store.read(keys).values();
                    Optional<Ring> now = reads.getFirst().map(RingRecords::ring);
                    if (now.isEmpty() || !isSameChange(now.get(), ring)) {
                        return 0;
                    }
                    ringRevision = now.get().revision();
                    settled = settledOf(left, reads.subList(1, reads.size()));
                    left = unsettled(left, settled, ring.epoch());
                }
                case CommitResult.Unknown(Throwable cause) ->
                        throw unknown("partitions " + left + " were settled", cause);
            }
        }
        return 0;
    }

    private static List<Integer> unsettled(
            Collection<Integer> partitions, SettledEpochs settled, long epoch) {
        return partitions.stream().filter(p -> settled.epoch(p) < epoch).toList();
    }

    private static SettledEpochs settledOf(
            List<Integer> partitions, List<Optional<KeyValue>> stored) {
        Map<Integer, SettledEpochs.Settled> settled = new HashMap<>();
        for (int i = 0; i < partitions.size(); i++) {
            int partition = partitions.get(i);
            stored.get(i).ifPresent(found -> settled.put(partition, RingRecords.settled(found)));
        }
        return new SettledEpochs(settled);
    }

    /** The newest epoch and the operation's token are the same. */
    private static boolean isSameChange(Ring now, Ring mover) {
        return now.epoch() == mover.epoch() && now.operation().equals(mover.operation());
    }

    private static MetadataUnavailableException unknown(String what, @Nullable Throwable cause) {
        return new MetadataUnavailableException("it is not known whether " + what, cause);
    }
}
