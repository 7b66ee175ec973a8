package io.lilio.metadata.etcd;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One attempt at a call, which knows whether it may have reached etcd.
 *
 * @param <Q> what is asked
 * @param <A> the answer
 */
final class EtcdCall<Q, A> {

    private final MethodDescriptor<Q, A> method;
    private final CompletableFuture<A> answer = new CompletableFuture<>();
    private volatile boolean sent;

    EtcdCall(MethodDescriptor<Q, A> method) {
        this.method = method;
    }

    /**
     * Sends it once.
     *
     * @return completes with the answer, or exceptionally with an {@link EtcdException}
     */
    CompletableFuture<A> send(Channel channel, Metadata headers, Q request, Duration deadline) {
        Channel with =
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        CallOptions options =
                CallOptions.DEFAULT
                        .withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS)
                        .withStreamTracerFactory(new Tracing());
        ListenableFuture<A> future =
                ClientCalls.futureUnaryCall(with.newCall(method, options), request);
        Futures.addCallback(future, new Told(), MoreExecutors.directExecutor());
        return answer;
    }

    private final class Told implements FutureCallback<A> {
        @Override
        public void onSuccess(A result) {
            answer.complete(result);
        }

        @Override
        public void onFailure(Throwable failure) {
            answer.completeExceptionally(new EtcdException(Status.fromThrowable(failure), sent));
        }
    }

    /** A stream is created for a call when it is handed to a connection that stands. */
    private final class Tracing extends ClientStreamTracer.Factory {
        @Override
        public ClientStreamTracer newClientStreamTracer(
                ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void streamCreated(Attributes transport, Metadata sentHeaders) {
                    sent = true;
                }
            };
        }
    }
}
