package io.lilio.server.rpc;

import io.lilio.chunk.buffer.BufferPool;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.placement.MemberId;
import io.lilio.server.rpc.message.Call;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What all connections of a server share: this node's members, and the bounds. Thread-safe. */
final class ServedCalls {

    private final RpcServerSettings settings;
    private final LocalNode node;
    private final RpcRuntime runtime;
    private final BufferPool buffers;
    private final MemberCalls members;
    private final ConcurrentMap<MemberId, MemberShare> shares = new ConcurrentHashMap<>();

    ServedCalls(RpcServerSettings settings, LocalNode node, RpcRuntime runtime) {
        this.settings = settings;
        this.node = node;
        this.runtime = runtime;
        this.buffers =
                new BufferPool(
                        BufferPoolSettings.ofCapacity(settings.limits().bufferBytes()),
                        runtime.time());
        this.members = new MemberCalls(buffers);
    }

    RpcServerSettings settings() {
        return settings;
    }

    LocalNode node() {
        return node;
    }

    RpcRuntime runtime() {
        return runtime;
    }

    BufferPool buffers() {
        return buffers;
    }

    MemberCalls members() {
        return members;
    }

    /** How long a call may wait here before it begins: no longer than its sender does. */
    Duration patience(Call call) {
        Duration most = settings.timeouts().queue();
        int millis = call.getPatienceMillis();
        return millis > 0 && millis < most.toMillis() ? Duration.ofMillis(millis) : most;
    }

    /** What a member that this node hosts may take of the limits. */
    MemberShare share(MemberId hosted) {
        return shares.computeIfAbsent(
                hosted, _ -> new MemberShare(settings.limits(), node.members().count()));
    }
}
