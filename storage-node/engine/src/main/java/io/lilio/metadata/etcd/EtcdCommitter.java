package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.ResponseOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseEndedException;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.Txn;
import io.lilio.metadata.Write;
import io.lilio.time.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Sends transactions: those that come while others are on their way go together, if they are
 * independent. An answer that is lost makes all of a batch unknown. Thread-safe.
 */
final class EtcdCommitter {

    /** Measured: with more at once, batches are too small to pay. */
    private static final int MAX_IN_FLIGHT = 4;

    private static final int MAX_WAITING = 10_000;

    /** Of those that wait, so many are looked at for one batch. */
    private static final int MAX_LOOKED_AT = 256;

    private final EtcdClient client;
    private final KeySpace keys;
    private final Time time;
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private int inFlight;

    EtcdCommitter(EtcdClient client, KeySpace keys, Time time) {
        this.client = client;
        this.keys = keys;
        this.time = time;
    }

    /** Blocks until it is known how it ended, or that this will not be known. */
    CommitResult commit(Txn txn) {
        client.requireAvailable();
        var result = new CompletableFuture<CommitResult>();
        var pending = new Pending(txn, time.nanos() + client.timeout().toNanos(), result);
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING) {
                throw new MetadataUnavailableException(
                        MAX_WAITING + " transactions wait for etcd already", null);
            }
            waiting.add(pending);
        }
        sendNext();
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void sendNext() {
        while (true) {
            List<Pending> expired = new ArrayList<>(0);
            Batch batch;
            synchronized (this) {
                if (inFlight >= MAX_IN_FLIGHT || waiting.isEmpty()) {
                    return;
                }
                batch = take(expired);
                if (!batch.transactions().isEmpty()) {
                    inFlight++;
                }
            }
            for (Pending late : expired) {
                late.result()
                        .completeExceptionally(
                                new MetadataUnavailableException(
                                        "etcd was too slow for the transaction to be sent", null));
            }
            if (!batch.transactions().isEmpty()) {
                send(batch.transactions());
            }
        }
    }

    private Batch take(List<Pending> expired) {
        Batch batch = new Batch();
        int looked = 0;
        long now = time.nanos();
        for (Iterator<Pending> each = waiting.iterator(); each.hasNext(); ) {
            if (looked++ == MAX_LOOKED_AT) {
                break;
            }
            Pending next = each.next();
            if (now - next.expiresNanos() > 0) {
                each.remove();
                expired.add(next);
            } else if (batch.offer(next)) {
                each.remove();
            }
        }
        return batch;
    }

    private void send(List<Pending> batch) {
        client.sendOnce(
                KVGrpc.getTxnMethod(),
                request(batch),
                (answer, failure) -> {
                    synchronized (this) {
                        inFlight--;
                    }
                    tell(batch, answer, failure);
                    sendNext();
                });
    }

    private TxnRequest request(List<Pending> batch) {
        if (batch.size() == 1) {
            return keys.transaction(batch.getFirst().txn());
        }
        TxnRequest.Builder outer = TxnRequest.newBuilder();
        for (Pending each : batch) {
            outer.addSuccess(RequestOp.newBuilder().setRequestTxn(keys.transaction(each.txn())));
        }
        return outer.build();
    }

    private void tell(
            List<Pending> batch, @Nullable TxnResponse answer, @Nullable EtcdException failure) {
        if (answer == null) {
            EtcdException why = EtcdClient.cause(failure);
            batch.forEach(each -> fail(each, why));
            return;
        }
        long revision = answer.getHeader().getRevision();
        for (int i = 0; i < batch.size(); i++) {
            Pending each = batch.get(i);
            TxnResponse own = batch.size() == 1 ? answer : answer.getResponses(i).getResponseTxn();
            each.result().complete(result(own, revision));
        }
    }

    private CommitResult result(TxnResponse answer, long revision) {
        if (answer.getSucceeded()) {
            return new CommitResult.Committed(revision);
        }
        List<Optional<KeyValue>> reads = new ArrayList<>(answer.getResponsesCount());
        for (ResponseOp response : answer.getResponsesList()) {
            reads.add(keys.value(response));
        }
        return new CommitResult.Refused(new ReadResult(revision, reads));
    }

    private static void fail(Pending pending, EtcdException why) {
        if (why.uncertain()) {
            pending.result().complete(new CommitResult.Unknown(why));
            return;
        }
        pending.result()
                .completeExceptionally(
                        why.fault() == EtcdFault.LEASE_ENDED
                                ? new LeaseEndedException(lease(pending.txn()))
                                : EtcdClient.unavailable(why));
    }

    private static LeaseId lease(Txn txn) {
        return txn.writes().stream()
                .filter(Write.PutLeased.class::isInstance)
                .map(write -> ((Write.PutLeased) write).lease())
                .findFirst()
                .orElse(new LeaseId(0));
    }
}
