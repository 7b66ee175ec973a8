package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.MetadataStore.Change;
import io.lilio.metadata.MetadataStore.Watch;
import io.lilio.metadata.watch.QueuedWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One watch on a stream of its own. It ends with its connection: who needs it begins it anew from
 * the revision that he has read. Thread-safe.
 */
final class EtcdWatch implements Watch, StreamObserver<WatchResponse> {

    private final KeySpace keys;
    private final QueuedWatch listener;
    private final Runnable ended;
    private @Nullable StreamObserver<WatchRequest> requests;
    private boolean over;

    /**
     * @param ended run once when it is over, however that came
     */
    EtcdWatch(KeySpace keys, QueuedWatch listener, Runnable ended) {
        this.keys = keys;
        this.listener = listener;
        this.ended = ended;
    }

    void begin(EtcdClient client, KeyRange range, long afterRevision) {
        StreamObserver<WatchRequest> stream =
                WatchGrpc.newStub(client.channels().channel(client.channels().active()))
                        .withInterceptors(
                                MetadataUtils.newAttachHeadersInterceptor(
                                        EtcdLogin.streamHeaders(client.login().token())))
                        .watch(this);
        synchronized (this) {
            if (over) {
                return;
            }
            requests = stream;
        }
        stream.onNext(
                WatchRequest.newBuilder()
                        .setCreateRequest(
                                WatchCreateRequest.newBuilder()
                                        .setKey(keys.key(range.from()))
                                        .setRangeEnd(keys.key(range.to()))
                                        .setStartRevision(afterRevision + 1))
                        .build());
    }

    @Override
    public void onNext(WatchResponse response) {
        if (response.getCanceled() || response.getCompactRevision() > 0) {
            lose();
            return;
        }
        List<Change> changes = new ArrayList<>(response.getEventsCount());
        for (Event event : response.getEventsList()) {
            changes.add(change(event));
        }
        if (!changes.isEmpty() && !listener.offer(changes)) {
            end();
        }
    }

    private Change change(Event event) {
        return new Change(
                event.getKv().getModRevision(),
                keys.withoutPrefix(event.getKv().getKey()),
                event.getType() == Event.EventType.DELETE
                        ? Optional.empty()
                        : Optional.of(keys.entry(event.getKv())));
    }

    @Override
    public void onError(Throwable failure) {
        lose();
    }

    @Override
    public void onCompleted() {
        lose();
    }

    /** Changes may be missed. */
    void lose() {
        listener.lose();
        end();
    }

    @Override
    public void close() {
        listener.close();
        end();
    }

    private void end() {
        StreamObserver<WatchRequest> stream;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            stream = requests;
        }
        if (stream != null) {
            stream.onError(
                    Status.CANCELLED.withDescription("the watch is over").asRuntimeException());
        }
        ended.run();
    }
}
