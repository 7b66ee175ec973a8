package io.lilio.server.rpc;

/**
 * What a node knows of the ring. Every call carries its sender's epoch: a member that sees a newer
 * one than its own loads it before the call proceeds (DESIGN §5). Thread-safe.
 */
public interface EpochGate {

    /** The newest epoch known here; no call to the metadata. */
    long current();

    /**
     * Returns once an epoch is known here.
     *
     * @throws RuntimeException when it cannot be loaded: the call is not made
     */
    void require(long epoch);
}
