package io.lilio.catalog;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.chunk.BlobId;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.IntPredicate;

/** What the stored forms of all records share (see {@code records.proto}). */
public final class Records {

    private static final int ID_BYTES = 16;

    private Records() {}

    /**
     * Reads a value.
     *
     * @throws ObjectStoreException {@code INTERNAL} when it is damaged
     */
    public static <M extends MessageLite> M parse(Parser<M> parser, KeyValue stored) {
        try {
            return parser.parseFrom(stored.value().array());
        } catch (InvalidProtocolBufferException e) {
            throw damaged(stored, e);
        }
    }

    /**
     * Reads one message inside a value and skips all beside it, for those who read many values and
     * want little of each.
     *
     * @param path tells the fields that lead to the message by their numbers, from the outside in
     * @throws ObjectStoreException {@code INTERNAL} when the value is damaged or has no such
     *     message
     */
    public static <M extends MessageLite> M parsePart(
            Parser<M> parser, KeyValue stored, IntPredicate... path) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(stored.value().array());
            for (IntPredicate step : path) {
                enter(in, step);
            }
            return parser.parseFrom(in);
        } catch (IOException e) {
            throw damaged(stored, e);
        }
    }

    /** Goes to the beginning of the first message of such a number; reading ends where it ends. */
    private static void enter(CodedInputStream in, IntPredicate wanted) throws IOException {
        while (true) {
            int tag = in.readTag();
            if (tag == 0) {
                throw new IOException("a part of the record is missing");
            }
            if (wanted.test(WireFormat.getTagFieldNumber(tag))) {
                in.pushLimit(in.readRawVarint32());
                return;
            }
            in.skipField(tag);
        }
    }

    private static ObjectStoreException damaged(KeyValue stored, IOException cause) {
        return new ObjectStoreException(
                Kind.INTERNAL, "The record of key " + stored.key() + " is damaged.", cause);
    }

    /** The value to store. */
    public static Bytes bytes(MessageLite record) {
        return Bytes.wrap(record.toByteArray());
    }

    /** Without a copy: nobody may change the array. */
    public static ByteString wrap(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array());
    }

    public static Bytes unwrap(ByteString bytes) {
        return Bytes.wrap(bytes.toByteArray());
    }

    public static ByteString id(UUID id) {
        return sixteen(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    public static UUID uuid(ByteString id) {
        ByteBuffer bytes = id.asReadOnlyByteBuffer();
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    public static ByteString id(BlobId id) {
        return sixteen(id.high(), id.low());
    }

    public static BlobId blobId(ByteString id) {
        ByteBuffer bytes = id.asReadOnlyByteBuffer();
        return new BlobId(bytes.getLong(), bytes.getLong());
    }

    private static ByteString sixteen(long high, long low) {
        return UnsafeByteOperations.unsafeWrap(
                ByteBuffer.allocate(ID_BYTES).putLong(high).putLong(low).array());
    }
}
