package io.lilio.operator.admin;

import feign.Client;
import feign.Contract;
import feign.Feign;
import feign.Retryer;
import feign.Target;
import feign.codec.DecodeException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The admin API's interfaces at one node, made when they are first used. Thread-safe. */
final class NodeApis {

    private final URI node;
    private final Feign feign;
    private final ConcurrentMap<Class<?>, Object> stubs = new ConcurrentHashMap<>();

    NodeApis(URI node, Client client, Contract contract) {
        this.node = node;
        this.feign =
                Feign.builder()
                        .contract(contract)
                        .client(client)
                        .encoder(AdminJson.encoder())
                        .decoder(AdminJson.decoder())
                        .errorDecoder(AdminJson.errors())
                        .retryer(Retryer.NEVER_RETRY)
                        .build();
    }

    URI node() {
        return node;
    }

    /**
     * @throws NodeFailedException when this node does not answer
     * @throws AdminApiException when it refuses
     */
    @Nullable Object call(Class<?> api, Method method, @Nullable Object @Nullable [] arguments) {
        try {
            return method.invoke(stubs.computeIfAbsent(api, this::stub), arguments);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InvocationTargetException thrown) {
            throw asThrown(thrown.getCause());
        }
    }

    private Object stub(Class<?> api) {
        return feign.newInstance(new Target.HardCodedTarget<>(api, node.toString()));
    }

    /** As it was before Feign wrapped it. */
    private static RuntimeException asThrown(@Nullable Throwable thrown) {
        return switch (thrown) {
            case DecodeException wrapped
                    when wrapped.getCause() instanceof NodeFailedException it ->
                    it;
            case RuntimeException other -> other;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(thrown);
        };
    }
}
