package io.lilio.catalog.ring;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.lilio.catalog.record.EndedOperationRecord;
import io.lilio.catalog.record.MemberRecord;
import io.lilio.catalog.record.PlacementTableRecord;
import io.lilio.catalog.record.ReplicationRecord;
import io.lilio.catalog.record.RingOperationRecord;
import io.lilio.catalog.record.RingRecord;
import io.lilio.catalog.record.SettledRecord;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.placement.EndedOperation;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.PlacementTable;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.placement.SettledEpochs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The stored form of the ring document and of settled epochs, see {@code ring.proto}. */
final class RingRecords {

    private static final int UUID_BYTES = 16;

    private RingRecords() {}

    static Bytes ring(Ring ring) {
        RingRecord.Builder record =
                RingRecord.newBuilder()
                        .setPartitions(ring.partitions())
                        .setVirtualNodes(ring.partitioning().virtualNodes())
                        .setReplication(replication(ring.replication()))
                        .setFeatureLevel(ring.featureLevel());
        ring.members().forEach(member -> record.addMembers(member(member)));
        ring.tables().forEach((epoch, table) -> record.addTables(table(epoch, table)));
        ring.operation().ifPresent(operation -> record.setOperation(operation(operation)));
        ring.ended().forEach(ended -> record.addEnded(ended(ended)));
        return Bytes.wrap(record.build().toByteArray());
    }

    /**
     * @throws IllegalStateException when the value is no ring document
     */
    static Ring ring(KeyValue stored) {
        try {
            RingRecord record = RingRecord.parseFrom(stored.value().array());
            NavigableMap<Long, PlacementTable> tables = new TreeMap<>();
            record.getTablesList().forEach(table -> tables.put(table.getEpoch(), table(table)));
            return new Ring(
                    stored.modRevision(),
                    partitioning(record),
                    replication(record.getReplication()),
                    record.getMembersList().stream().map(RingRecords::member).toList(),
                    tables,
                    record.hasOperation()
                            ? Optional.of(operation(record.getOperation()))
                            : Optional.empty(),
                    record.getEndedList().stream().map(RingRecords::ended).toList(),
                    record.getFeatureLevel());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new IllegalStateException("the stored ring document cannot be read", e);
        }
    }

    static Bytes settled(long epoch) {
        return Bytes.wrap(SettledRecord.newBuilder().setEpoch(epoch).build().toByteArray());
    }

    static SettledEpochs.Settled settled(KeyValue stored) {
        try {
            long epoch = SettledRecord.parseFrom(stored.value().array()).getEpoch();
            return new SettledEpochs.Settled(epoch, stored.modRevision());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored settled epoch cannot be read", e);
        }
    }

    static Bytes uuid(UUID id) {
        return Bytes.wrap(
                ByteBuffer.allocate(UUID_BYTES)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
    }

    static UUID uuid(ByteBuffer bytes) {
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    private static ByteString uuidString(UUID id) {
        return ByteString.copyFrom(uuid(id).array());
    }

    private static UUID uuid(ByteString bytes) {
        if (bytes.size() != UUID_BYTES) {
            throw new IllegalArgumentException("an identity of " + bytes.size() + " bytes");
        }
        return uuid(bytes.asReadOnlyByteBuffer());
    }

    /** Rings that were made before they remembered the number have the usual one. */
    private static Partitioning partitioning(RingRecord record) {
        return record.getVirtualNodes() == 0
                ? Partitioning.of(record.getPartitions())
                : new Partitioning(record.getPartitions(), record.getVirtualNodes());
    }

    private static ReplicationRecord replication(Replication replication) {
        return ReplicationRecord.newBuilder()
                .setFactor(replication.factor())
                .setWriteQuorum(replication.writeQuorum())
                .setReadQuorum(replication.readQuorum())
                .setSpread(
                        switch (replication.spread()) {
                            case HOST -> ReplicationRecord.Spread.SPREAD_HOST;
                            case ZONE -> ReplicationRecord.Spread.SPREAD_ZONE;
                        })
                .setStrictReads(replication.strictReads())
                .build();
    }

    private static Replication replication(ReplicationRecord record) {
        return new Replication(
                record.getFactor(),
                record.getWriteQuorum(),
                record.getReadQuorum(),
                switch (record.getSpread()) {
                    case SPREAD_HOST -> Replication.Spread.HOST;
                    case SPREAD_ZONE -> Replication.Spread.ZONE;
                    case SPREAD_UNSPECIFIED, UNRECOGNIZED ->
                            throw new IllegalArgumentException(
                                    "unknown spread " + record.getSpreadValue());
                },
                record.getStrictReads());
    }

    private static MemberRecord member(Member member) {
        return MemberRecord.newBuilder()
                .setId(uuidString(member.id().value()))
                .setName(member.name())
                .setNode(member.node())
                .setHost(member.host())
                .setZone(member.zone())
                .setWeight(member.weight())
                .setState(
                        switch (member.state()) {
                            case JOINING -> MemberRecord.State.STATE_JOINING;
                            case ACTIVE -> MemberRecord.State.STATE_ACTIVE;
                            case DRAINING -> MemberRecord.State.STATE_DRAINING;
                            case REMOVED -> MemberRecord.State.STATE_REMOVED;
                            case LOST -> MemberRecord.State.STATE_LOST;
                            case RETURNED -> MemberRecord.State.STATE_RETURNED;
                        })
                .build();
    }

    private static Member member(MemberRecord record) {
        return new Member(
                new MemberId(uuid(record.getId())),
                record.getName(),
                record.getNode(),
                record.getHost(),
                record.getZone(),
                record.getWeight(),
                switch (record.getState()) {
                    case STATE_JOINING -> MemberState.JOINING;
                    case STATE_ACTIVE -> MemberState.ACTIVE;
                    case STATE_DRAINING -> MemberState.DRAINING;
                    case STATE_REMOVED -> MemberState.REMOVED;
                    case STATE_LOST -> MemberState.LOST;
                    case STATE_RETURNED -> MemberState.RETURNED;
                    case STATE_UNSPECIFIED, UNRECOGNIZED ->
                            throw new IllegalArgumentException(
                                    "unknown member state " + record.getStateValue());
                });
    }

    private static PlacementTableRecord table(long epoch, PlacementTable table) {
        ByteBuffer members = ByteBuffer.allocate(table.members().size() * UUID_BYTES);
        table.members().forEach(member -> members.put(uuid(member.value()).array()));
        char[] cells = table.cells();
        ByteBuffer packed = ByteBuffer.allocate(cells.length * Character.BYTES);
        packed.asCharBuffer().put(cells);
        return PlacementTableRecord.newBuilder()
                .setEpoch(epoch)
                .setWidth(table.width())
                .setMembers(ByteString.copyFrom(members.flip()))
                .setCells(ByteString.copyFrom(packed))
                .build();
    }

    private static PlacementTable table(PlacementTableRecord record) {
        ByteBuffer packed = record.getMembers().asReadOnlyByteBuffer();
        List<MemberId> members = new ArrayList<>();
        while (packed.remaining() >= UUID_BYTES) {
            members.add(new MemberId(uuid(packed)));
        }
        char[] cells = new char[record.getCells().size() / Character.BYTES];
        record.getCells().asReadOnlyByteBuffer().asCharBuffer().get(cells);
        return PlacementTable.fromCells(record.getWidth(), members, cells);
    }

    private static List<MemberId> ids(List<ByteString> stored) {
        return stored.stream().map(id -> new MemberId(uuid(id))).toList();
    }

    private static List<ByteString> idStrings(List<MemberId> ids) {
        return ids.stream().map(id -> uuidString(id.value())).toList();
    }

    private static RingOperationRecord operation(RingOperation operation) {
        return RingOperationRecord.newBuilder()
                .setId(uuidString(operation.id()))
                .setType(
                        switch (operation.type()) {
                            case ADMIT -> RingOperationRecord.Type.TYPE_ADMIT;
                            case DRAIN -> RingOperationRecord.Type.TYPE_DRAIN;
                            case CANCEL -> RingOperationRecord.Type.TYPE_CANCEL;
                            case MARK_LOST -> RingOperationRecord.Type.TYPE_MARK_LOST;
                            case REPLACE -> RingOperationRecord.Type.TYPE_REPLACE;
                            case REWEIGH -> RingOperationRecord.Type.TYPE_REWEIGH;
                            case RELOCATE -> RingOperationRecord.Type.TYPE_RELOCATE;
                            case READMIT -> RingOperationRecord.Type.TYPE_READMIT;
                            case REMOVE -> RingOperationRecord.Type.TYPE_REMOVE;
                        })
                .setToken(operation.token())
                .addAllTargets(idStrings(operation.targets()))
                .addAllBefore(operation.before().stream().map(RingRecords::member).toList())
                .addAllReturning(idStrings(operation.returning()))
                .setArguments(operation.arguments())
                .build();
    }

    private static RingOperation operation(RingOperationRecord record) {
        return new RingOperation(
                uuid(record.getId()),
                switch (record.getType()) {
                    case TYPE_ADMIT -> RingOperation.Type.ADMIT;
                    case TYPE_DRAIN -> RingOperation.Type.DRAIN;
                    case TYPE_CANCEL -> RingOperation.Type.CANCEL;
                    case TYPE_MARK_LOST -> RingOperation.Type.MARK_LOST;
                    case TYPE_REPLACE -> RingOperation.Type.REPLACE;
                    case TYPE_REWEIGH -> RingOperation.Type.REWEIGH;
                    case TYPE_RELOCATE -> RingOperation.Type.RELOCATE;
                    case TYPE_READMIT -> RingOperation.Type.READMIT;
                    case TYPE_REMOVE -> RingOperation.Type.REMOVE;
                    case TYPE_UNSPECIFIED, UNRECOGNIZED ->
                            throw new IllegalArgumentException(
                                    "unknown ring operation " + record.getTypeValue());
                },
                record.getToken(),
                ids(record.getTargetsList()),
                record.getBeforeList().stream().map(RingRecords::member).toList(),
                ids(record.getReturningList()),
                record.getArguments());
    }

    private static EndedOperationRecord ended(EndedOperation ended) {
        return EndedOperationRecord.newBuilder()
                .setOperation(operation(ended.operation()))
                .setOutcome(
                        switch (ended.outcome()) {
                            case DONE -> EndedOperationRecord.Outcome.OUTCOME_DONE;
                            case CANCELLED -> EndedOperationRecord.Outcome.OUTCOME_CANCELLED;
                            case SUPERSEDED -> EndedOperationRecord.Outcome.OUTCOME_SUPERSEDED;
                        })
                .setEpoch(ended.epoch())
                .build();
    }

    private static EndedOperation ended(EndedOperationRecord record) {
        return new EndedOperation(
                operation(record.getOperation()),
                switch (record.getOutcome()) {
                    case OUTCOME_DONE -> EndedOperation.Outcome.DONE;
                    case OUTCOME_CANCELLED -> EndedOperation.Outcome.CANCELLED;
                    case OUTCOME_SUPERSEDED -> EndedOperation.Outcome.SUPERSEDED;
                    case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
                            throw new IllegalArgumentException(
                                    "unknown outcome " + record.getOutcomeValue());
                },
                record.getEpoch());
    }
}
