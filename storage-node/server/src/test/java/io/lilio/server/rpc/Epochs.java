package io.lilio.server.rpc;

/** A ring whose newest epoch can be loaded up to a bound. */
final class Epochs implements EpochGate {

    private volatile long current = 1;
    private volatile long loadable = Long.MAX_VALUE;

    void loadableUpTo(long epoch) {
        loadable = epoch;
    }

    void set(long epoch) {
        current = epoch;
    }

    @Override
    public long current() {
        return current;
    }

    @Override
    public void require(long epoch) {
        if (epoch > loadable) {
            throw new IllegalStateException("the metadata do not answer");
        }
        current = Math.max(current, epoch);
    }
}
