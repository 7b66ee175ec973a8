package io.lilio.server.rpc;

import io.lilio.metadata.HighWaterMark;
import io.lilio.metadata.Progress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers what it is told. */
final class Heard implements RpcListener, PeerListener {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<String> breaches = new CopyOnWriteArrayList<>();
    final List<PeerAddress> moved = new CopyOnWriteArrayList<>();
    final AtomicLong newestEpoch = new AtomicLong();
    final AtomicInteger clientConnections = new AtomicInteger();
    final AtomicInteger serverConnections = new AtomicInteger();
    final AtomicInteger clientConnectionsEver = new AtomicInteger();
    final AtomicLong serverBytesIn = new AtomicLong();
    final HighWaterMark metadata = new HighWaterMark();

    /** Waits for one that has to come; the test's time-out ends it when it does not. */
    void awaitBreach(String breach) throws InterruptedException {
        while (!breaches.contains(breach)) {
            Thread.sleep(5);
        }
    }

    @Override
    public void called(Side side, RpcOperation operation, String outcome, long nanos) {
        calls.add(side + " " + operation.label() + " " + outcome);
    }

    @Override
    public void moved(Side side, long bytesIn, long bytesOut) {
        if (side == Side.SERVER) {
            serverBytesIn.addAndGet(bytesIn);
        }
    }

    @Override
    public void connections(Side side, int change) {
        (side == Side.CLIENT ? clientConnections : serverConnections).addAndGet(change);
        if (side == Side.CLIENT && change > 0) {
            clientConnectionsEver.incrementAndGet();
        }
    }

    @Override
    public void broken(Side side, Breach breach) {
        breaches.add(side + " " + breach);
    }

    @Override
    public void newerEpoch(long epoch) {
        newestEpoch.accumulateAndGet(epoch, Math::max);
    }

    @Override
    public void moved(PeerAddress peer) {
        moved.add(peer);
    }

    @Override
    public void progress(Progress seen) {
        metadata.raise(seen);
    }
}
