package io.lilio.server.process;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Notes what an SDK client sends, so that a test knows that it has met what it is about. */
final class SentRequests implements ExecutionInterceptor {

    private final Queue<SdkHttpRequest> requests = new ConcurrentLinkedQueue<>();

    @Override
    public void beforeTransmission(
            Context.BeforeTransmission context, ExecutionAttributes attributes) {
        requests.add(context.httpRequest());
    }

    void forget() {
        requests.clear();
    }

    /** The values of a header in the requests of a method that have it, sorted. */
    List<String> headers(SdkHttpMethod method, String name) {
        return values(method, request -> request.firstMatchingHeader(name));
    }

    /** The values of a query parameter in the requests of a method that have it, sorted. */
    List<String> parameters(SdkHttpMethod method, String name) {
        return values(method, request -> request.firstMatchingRawQueryParameter(name));
    }

    private List<String> values(
            SdkHttpMethod method, Function<SdkHttpRequest, Optional<String>> value) {
        return requests.stream()
                .filter(request -> request.method() == method)
                .map(value)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }
}
