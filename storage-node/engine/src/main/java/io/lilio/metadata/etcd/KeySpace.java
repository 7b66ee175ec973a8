package io.lilio.metadata.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.Compare.CompareResult;
import io.etcd.jetcd.api.Compare.CompareTarget;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import java.util.Optional;

/** Our keys, values and transactions as etcd's messages, under a prefix. Immutable. */
final class KeySpace {

    private final ByteString prefix;

    KeySpace(String prefix) {
        this.prefix = ByteString.copyFromUtf8(prefix);
    }

    ByteString key(Bytes key) {
        return prefix.concat(wrap(key));
    }

    private static ByteString wrap(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array());
    }

    Bytes withoutPrefix(ByteString key) {
        return Bytes.wrap(key.substring(prefix.size()).toByteArray());
    }

    KeyValue entry(io.etcd.jetcd.api.KeyValue found) {
        return new KeyValue(
                withoutPrefix(found.getKey()),
                Bytes.wrap(found.getValue().toByteArray()),
                found.getCreateRevision(),
                found.getModRevision());
    }

    RangeRequest.Builder get(Bytes key) {
        return RangeRequest.newBuilder().setKey(key(key));
    }

    RangeRequest.Builder range(KeyRange range) {
        return RangeRequest.newBuilder().setKey(key(range.from())).setRangeEnd(key(range.to()));
    }

    RequestOp read(Bytes key, long revision) {
        return RequestOp.newBuilder().setRequestRange(get(key).setRevision(revision)).build();
    }

    Optional<KeyValue> value(ResponseOp response) {
        RangeResponse range = response.getResponseRange();
        return range.getKvsCount() == 0 ? Optional.empty() : Optional.of(entry(range.getKvs(0)));
    }

    TxnRequest transaction(Txn txn) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        for (Compare compare : txn.compares()) {
            compare(compare).ifPresent(request::addCompare);
        }
        for (Write write : txn.writes()) {
            request.addSuccess(write(write));
        }
        for (Bytes key : txn.elseReads()) {
            request.addFailure(read(key, 0));
        }
        return request.build();
    }

    private RequestOp write(Write write) {
        return switch (write) {
            case Write.Put(Bytes key, Bytes value) -> put(key, value, 0);
            case Write.PutLeased(Bytes key, Bytes value, var lease) ->
                    put(key, value, lease.value());
            case Write.Delete(Bytes key) ->
                    RequestOp.newBuilder()
                            .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key(key)))
                            .build();
        };
    }

    private RequestOp put(Bytes key, Bytes value, long lease) {
        return RequestOp.newBuilder()
                .setRequestPut(
                        PutRequest.newBuilder()
                                .setKey(key(key))
                                .setValue(wrap(value))
                                .setLease(lease))
                .build();
    }

    /** Empty for what always holds. */
    private Optional<io.etcd.jetcd.api.Compare> compare(Compare compare) {
        return switch (compare) {
            case Compare.Absent(Bytes key) ->
                    Optional.of(
                            of(key, CompareTarget.CREATE, CompareResult.EQUAL)
                                    .setCreateRevision(0)
                                    .build());
            case Compare.Present(Bytes key) ->
                    Optional.of(
                            of(key, CompareTarget.CREATE, CompareResult.GREATER)
                                    .setCreateRevision(0)
                                    .build());
            // Of an absent key etcd holds both revisions to be 0: -1 is never equal.
            case Compare.ModRevision(Bytes key, long revision) ->
                    Optional.of(
                            of(key, CompareTarget.MOD, CompareResult.EQUAL)
                                    .setModRevision(revision == 0 ? -1 : revision)
                                    .build());
            case Compare.CreateRevision(Bytes key, long revision) ->
                    Optional.of(
                            of(key, CompareTarget.CREATE, CompareResult.EQUAL)
                                    .setCreateRevision(revision == 0 ? -1 : revision)
                                    .build());
            // A compare with the value of an absent key never holds.
            case Compare.ValueEquals(Bytes key, Bytes value) ->
                    Optional.of(
                            of(key, CompareTarget.VALUE, CompareResult.EQUAL)
                                    .setValue(wrap(value))
                                    .build());
            // Holds for every key of the range: there is none that was ever created.
            case Compare.RangeEmpty(KeyRange range) ->
                    range.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    of(range.from(), CompareTarget.CREATE, CompareResult.EQUAL)
                                            .setRangeEnd(key(range.to()))
                                            .setCreateRevision(0)
                                            .build());
        };
    }

    private io.etcd.jetcd.api.Compare.Builder of(
            Bytes key, CompareTarget target, CompareResult result) {
        return io.etcd.jetcd.api.Compare.newBuilder()
                .setKey(key(key))
                .setTarget(target)
                .setResult(result);
    }
}
