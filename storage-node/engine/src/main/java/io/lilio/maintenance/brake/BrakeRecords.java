package io.lilio.maintenance.brake;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Records;
import io.lilio.catalog.record.BrakeRecord;
import io.lilio.catalog.ring.RingStore;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Progress;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.Txn;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the metadata themselves say of the deletion brake: one record for all nodes and jobs, so
 * that nobody deletes once one of them has a reason not to, and one acknowledgement is enough.
 * Thread-safe.
 */
final class BrakeRecords {

    private final MetadataStore store;

    BrakeRecords(MetadataStore store) {
        this.store = store;
    }

    /**
     * The metadata at one moment.
     *
     * @param cluster whose they are; empty when they hold no cluster
     * @param revision of the store
     * @param stored the record; empty when nothing was ever said
     */
    record Picture(Optional<UUID> cluster, long revision, Optional<Stored> stored) {

        /** How far they are. */
        Progress progress() {
            return new Progress(
                    stored.map(Stored::acknowledged).orElse(0L),
                    stored.map(Stored::beats).orElse(0L),
                    revision);
        }

        /** Why nothing may be deleted. */
        Optional<Engagement> engaged() {
            return stored.flatMap(Stored::engaged);
        }

        /** See {@link Stored}. */
        long givenUp() {
            return stored.map(Stored::givenUp).orElse(0L);
        }
    }

    /**
     * The record.
     *
     * @param modRevision at which it was written
     * @param acknowledged how often
     * @param beats see {@link Progress}
     * @param accepted orphaned blobs that the next collection may delete
     * @param givenUp the highest revision that was seen before older metadata were acknowledged; 0
     *     when that never was
     */
    record Stored(
            long modRevision,
            long acknowledged,
            long beats,
            long accepted,
            long givenUp,
            Optional<Engagement> engaged) {}

    Picture read() {
        ReadResult found = store.read(List.of(Keys.cluster(), Keys.brake()));
        return new Picture(
                found.get(0).map(RingStore::idOf),
                found.revision(),
                found.get(1).map(BrakeRecords::decode));
    }

    /** Tells everybody; nothing when the record has changed meanwhile. */
    void engage(Picture picture, long acknowledged, Engagement why) {
        long accepted = picture.stored().map(Stored::accepted).orElse(0L);
        replace(
                picture,
                BrakeRecord.newBuilder()
                        .setAcknowledged(acknowledged)
                        .setBeats(picture.progress().beats())
                        .setAccepted(accepted)
                        .setGivenUp(picture.givenUp())
                        .setToken(why.token())
                        .setReason(why.reason())
                        .setOrphaned(why.orphaned())
                        .build());
    }

    /**
     * Releases the brake for everybody.
     *
     * @param acknowledged how often, this time counted
     * @param accepted orphaned blobs that the next collection may delete
     * @param givenUp the highest revision that was seen before
     * @return how far the metadata are then; empty when the record has changed meanwhile
     * @throws MetadataUnavailableException when it is not known whether it was released
     */
    Optional<Progress> release(Picture picture, long acknowledged, long accepted, long givenUp) {
        return write(
                picture,
                new Progress(acknowledged, picture.progress().beats(), 0),
                accepted,
                Math.max(givenUp, picture.givenUp()));
    }

    /**
     * Counts one beat more, while the brake is not engaged.
     *
     * @return how far the metadata are then; empty when the record has changed meanwhile
     * @throws MetadataUnavailableException when it is not known whether it was counted
     */
    Optional<Progress> beat(Picture picture) {
        Progress now = picture.progress();
        long accepted = picture.stored().map(Stored::accepted).orElse(0L);
        return write(
                picture,
                new Progress(now.acknowledged(), now.beats() + 1, 0),
                accepted,
                picture.givenUp());
    }

    /** Writes a record without an engagement. */
    private Optional<Progress> write(Picture picture, Progress next, long accepted, long givenUp) {
        return replace(
                        picture,
                        BrakeRecord.newBuilder()
                                .setAcknowledged(next.acknowledged())
                                .setBeats(next.beats())
                                .setAccepted(accepted)
                                .setGivenUp(givenUp)
                                .build())
                .map(next::at);
    }

    /**
     * What collections may delete because it was acknowledged is another number from now on.
     *
     * @param picture one in which the brake is not engaged
     * @param accepted blobs; 0 when a collection has used it up
     * @return false when the record has changed meanwhile
     * @throws MetadataUnavailableException when it is not known whether it was written
     */
    boolean accept(Picture picture, long accepted) {
        long acknowledged = picture.stored().map(Stored::acknowledged).orElse(0L);
        return release(picture, acknowledged, accepted, 0).isPresent();
    }

    private Optional<Long> replace(Picture picture, BrakeRecord next) {
        Compare unchanged =
                picture.stored()
                        .<Compare>map(
                                stored ->
                                        new Compare.ModRevision(Keys.brake(), stored.modRevision()))
                        .orElseGet(() -> new Compare.Absent(Keys.brake()));
        Txn.Builder txn = Txn.upkeep().when(unchanged);
        picture.cluster().map(RingStore::isCluster).ifPresent(txn::when);
        return switch (store.commit(txn.put(Keys.brake(), Records.bytes(next)).build())) {
            case CommitResult.Committed(long revision) -> Optional.of(revision);
            case CommitResult.Refused _ -> Optional.empty();
            case CommitResult.Unknown(Throwable cause) ->
                    throw new MetadataUnavailableException(
                            "it is not known whether the deletion brake's record was written",
                            cause);
        };
    }

    private static Stored decode(KeyValue value) {
        BrakeRecord record = Records.parse(BrakeRecord.parser(), value);
        Optional<Engagement> engaged =
                record.getToken().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Engagement(
                                        record.getToken(),
                                        record.getReason(),
                                        record.getOrphaned()));
        return new Stored(
                value.modRevision(),
                record.getAcknowledged(),
                record.getBeats(),
                record.getAccepted(),
                record.getGivenUp(),
                engaged);
    }
}
