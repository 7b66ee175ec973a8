package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ViewExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Linearizable reads of single keys. Thread-safe. */
final class EtcdReads {

    /** The newest revision. */
    private static final long NEWEST = 0;

    private final EtcdClient client;
    private final KeySpace keys;
    private final CombinedReads newest;

    EtcdReads(EtcdClient client, KeySpace keys) {
        this.client = client;
        this.keys = keys;
        this.newest =
                new CombinedReads(wanted -> several(wanted, NEWEST), wanted -> at(wanted, NEWEST));
    }

    EtcdClient client() {
        return client;
    }

    KeySpace keys() {
        return keys;
    }

    long revision() {
        try {
            return client.ask(KVGrpc.getRangeMethod(), client.nothing()).getHeader().getRevision();
        } catch (EtcdException e) {
            throw translate(e);
        }
    }

    /** The values of keys as they are now, together with what others ask for at that time. */
    ReadResult read(List<Bytes> wanted) {
        return newest.read(wanted);
    }

    /** The values of keys at a revision. */
    ReadResult at(List<Bytes> wanted, long revision) {
        try {
            return wanted.size() == 1
                    ? one(wanted.getFirst(), revision)
                    : several(wanted, revision);
        } catch (EtcdException e) {
            if (wanted.size() > 1
                    && (e.fault() == EtcdFault.ANSWER_TOO_LARGE || e.fault() == EtcdFault.FULL)) {
                return inHalves(wanted, revision);
            }
            throw translate(e);
        }
    }

    private ReadResult one(Bytes key, long revision) {
        RangeResponse answer =
                client.ask(KVGrpc.getRangeMethod(), keys.get(key).setRevision(revision).build());
        Optional<KeyValue> found =
                answer.getKvsCount() == 0
                        ? Optional.empty()
                        : Optional.of(keys.entry(answer.getKvs(0)));
        return new ReadResult(answer.getHeader().getRevision(), List.of(found));
    }

    private ReadResult several(List<Bytes> wanted, long revision) {
        TxnRequest.Builder request = TxnRequest.newBuilder();
        wanted.forEach(key -> request.addSuccess(keys.read(key, revision)));
        TxnResponse answer = client.ask(KVGrpc.getTxnMethod(), request.build());
        List<Optional<KeyValue>> found = new ArrayList<>(wanted.size());
        for (ResponseOp response : answer.getResponsesList()) {
            found.add(keys.value(response));
        }
        return new ReadResult(answer.getHeader().getRevision(), found);
    }

    /**
     * When all of it is too large for one answer; or when etcd, up to 3.5, is full and refuses even
     * transactions that write nothing.
     */
    private ReadResult inHalves(List<Bytes> wanted, long revision) {
        long pinned = revision == NEWEST ? revision() : revision;
        int half = wanted.size() / 2;
        List<Optional<KeyValue>> found =
                new ArrayList<>(at(wanted.subList(0, half), pinned).values());
        found.addAll(at(wanted.subList(half, wanted.size()), pinned).values());
        return new ReadResult(pinned, found);
    }

    /** What callers of the store are told. */
    RuntimeException translate(EtcdException failure) {
        return failure.fault() == EtcdFault.COMPACTED
                ? new ViewExpiredException("etcd has compacted the view's revision")
                : EtcdClient.unavailable(failure);
    }
}
