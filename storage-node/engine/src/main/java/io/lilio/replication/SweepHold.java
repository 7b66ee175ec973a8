package io.lilio.replication;

/**
 * Until it is closed, no chunk is swept that was found to be owned since this began: the sessions'
 * part in a repair.
 */
@FunctionalInterface
public interface SweepHold extends AutoCloseable {

    @Override
    void close();
}
