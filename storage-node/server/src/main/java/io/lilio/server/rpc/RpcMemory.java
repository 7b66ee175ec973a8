package io.lilio.server.rpc;

/** The direct memory that talking to other nodes takes at most. */
public final class RpcMemory {

    private RpcMemory() {}

    /**
     * In bytes, with the usual limits.
     *
     * @param peers other nodes, each with as many connections either way as it may have
     */
    public static long bytes(int peers) {
        RpcServerSettings.Limits limits = RpcServerSettings.Limits.DEFAULT;
        long connections =
                2L * peers * RpcClientSettings.defaults().connections() + limits.unproved();
        return limits.bufferBytes() + connections * FrameConnection.DIRECT_BYTES;
    }
}
