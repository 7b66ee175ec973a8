package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataFullException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** etcd's leases. Whole seconds only; etcd makes very short ones longer. Thread-safe. */
final class EtcdLeases {

    private final EtcdClient client;

    EtcdLeases(EtcdClient client) {
        this.client = client;
    }

    LeaseId grant(Duration ttl) {
        if (!ttl.isPositive()) {
            throw new IllegalArgumentException("a lease's ttl is positive, not " + ttl);
        }
        long seconds = Math.max(1, ttl.plusMillis(999).toSeconds());
        try {
            // Granted twice it is only forgotten once: it ends by itself.
            return new LeaseId(
                    client.ask(
                                    LeaseGrpc.getLeaseGrantMethod(),
                                    LeaseGrantRequest.newBuilder().setTTL(seconds).build())
                            .getID());
        } catch (EtcdException e) {
            if (e.fault() == EtcdFault.FULL) {
                throw new MetadataFullException("etcd has no space left for a lease");
            }
            throw EtcdClient.unavailable(e);
        }
    }

    /** False when it has ended. */
    boolean keepAlive(LeaseId lease) {
        client.requireAvailable();
        EtcdChannels channels = client.channels();
        int endpoint = channels.active();
        var answer = new CompletableFuture<Boolean>();
        StreamObserver<LeaseKeepAliveRequest> requests =
                LeaseGrpc.newStub(channels.channel(endpoint))
                        .withInterceptors(
                                MetadataUtils.newAttachHeadersInterceptor(
                                        EtcdLogin.streamHeaders(client.login().token())))
                        .withDeadlineAfter(client.timeout().toMillis(), TimeUnit.MILLISECONDS)
                        .leaseKeepAlive(new Answer(answer));
        requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease.value()).build());
        requests.onCompleted();
        try {
            return answer.join();
        } catch (CompletionException e) {
            EtcdException failure = EtcdClient.cause(e);
            if (failure.fault() == EtcdFault.LEASE_ENDED) {
                return false;
            }
            if (failure.fault() == EtcdFault.UNAVAILABLE) {
                channels.leave(endpoint);
                client.availability().failed(failure);
            }
            throw EtcdClient.unavailable(failure);
        }
    }

    private record Answer(CompletableFuture<Boolean> lives)
            implements StreamObserver<LeaseKeepAliveResponse> {

        @Override
        public void onNext(LeaseKeepAliveResponse response) {
            lives.complete(response.getTTL() > 0);
        }

        @Override
        public void onError(Throwable failure) {
            lives.completeExceptionally(
                    new EtcdException(
                            failure instanceof StatusRuntimeException known
                                    ? known.getStatus()
                                    : Status.fromThrowable(failure),
                            true));
        }

        @Override
        public void onCompleted() {
            lives.completeExceptionally(
                    new EtcdException(
                            Status.UNAVAILABLE.withDescription("no answer to a sign of life"),
                            true));
        }
    }

    void revoke(LeaseId lease) {
        try {
            client.ask(
                    LeaseGrpc.getLeaseRevokeMethod(),
                    LeaseRevokeRequest.newBuilder().setID(lease.value()).build());
        } catch (EtcdException e) {
            if (e.fault() != EtcdFault.LEASE_ENDED) {
                throw EtcdClient.unavailable(e);
            }
        }
    }
}
