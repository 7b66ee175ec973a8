package io.lilio.replication;

/**
 * Tells members in batches which chunks all N hold, so that they drop their unconfirmed marks
 * (DESIGN §8). Only {@link BlobReplicas#committed} feeds it. Bounded: what finds no room is
 * dropped, since a member looks up by itself what stays unconfirmed. Thread-safe.
 */
public final class Confirmations {

    /** Sends through these members, by their settings. */
    @SuppressWarnings("UnusedVariable")
    public Confirmations(Members members) {}

    /**
     * Sends what waits, now, and returns when the members have answered or cannot. For shutdown.
     */
    public void flush() {
        throw new UnsupportedOperationException();
    }
}
