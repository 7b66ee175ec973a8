package io.lilio.metadata.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.lilio.ObjectStoreException;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.session.record.HostedMemberRecord;
import io.lilio.metadata.session.record.SessionRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;

/** The stored form of a session's record, see {@code session.proto}. */
final class SessionRecords {

    private static final int UUID_BYTES = 16;

    private SessionRecords() {}

    /**
     * @param process the incarnation of the first session of this process; 0 when this is the first
     */
    static Bytes encode(SessionSettings settings, long process) {
        SessionRecord.Builder record =
                SessionRecord.newBuilder()
                        .setNode(settings.node())
                        .setAddress(settings.address())
                        .setProcess(process)
                        .setTtlMillis(settings.ttl().toMillis());
        for (HostedMember member : settings.members()) {
            record.addMembers(
                    HostedMemberRecord.newBuilder()
                            .setId(bytes(member.id()))
                            .setName(member.name())
                            .setHost(member.host())
                            .setZone(member.zone())
                            .setWeight(member.weight()));
        }
        return Bytes.wrap(record.build().toByteArray());
    }

    static LiveSession decode(KeyValue record, KeyValue mark) {
        SessionRecord parsed;
        try {
            parsed = SessionRecord.parseFrom(record.value().array());
        } catch (InvalidProtocolBufferException e) {
            throw new ObjectStoreException(
                    ObjectStoreException.Kind.INTERNAL, "a session record cannot be parsed", e);
        }
        long incarnation = record.createRevision();
        return new LiveSession(
                incarnation,
                new LiveSession.Node(
                        parsed.getNode(),
                        parsed.getAddress(),
                        parsed.getProcess() == 0 ? incarnation : parsed.getProcess(),
                        parsed.getMembersList().stream().map(SessionRecords::member).toList(),
                        parsed.getTtlMillis() == 0
                                ? SessionSettings.DEFAULT_TTL
                                : Duration.ofMillis(parsed.getTtlMillis())),
                Mark.decode(mark.value()),
                mark.modRevision());
    }

    private static HostedMember member(HostedMemberRecord record) {
        return new HostedMember(
                uuid(record.getId()),
                record.getName(),
                record.getHost(),
                record.getZone(),
                record.getWeight());
    }

    private static ByteString bytes(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return ByteString.copyFrom(bytes.flip());
    }

    private static UUID uuid(ByteString bytes) {
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
