package io.lilio.chunk.backend.local;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendHealth.State;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.backend.CallGate;
import io.lilio.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one volume open: lets calls in according to its state, turns errors of the medium into a
 * state and an exception, looks at the directory regularly, and opens it anew when it is back.
 * Thread-safe.
 */
final class VolumeKeeper {

    private static final Logger log = LoggerFactory.getLogger(VolumeKeeper.class);
    private static final String ONLY_RESERVE = "only the reserve of its medium is free";
    private static final long PROBE_BYTES = 64 * 1024;

    /** Opening an index writes its log out anew, and recovery adds to it. */
    private static final long REOPENING_BYTES = 16 << 20;

    private final DataDirectory directory;
    private final LocalChunkStoreSettings settings;
    private final LocalRuntime runtime;
    private final Forcing forcing;
    private final FreeSpace space;
    private final Losses losses;
    private final ReentrantLock probing = new ReentrantLock();
    private final AtomicLong emptied = new AtomicLong();
    private volatile @Nullable Opened opened;
    private volatile Condition condition = new Condition(State.UP, "");
    private volatile boolean suspect;
    private volatile boolean closed;
    private volatile Time.@Nullable Cancellable nextProbe;
    private boolean hadLostLabel; // guarded by probing
    private volatile BackendUsage lastUsage = new BackendUsage(0, 0, 0, 0, 0);

    VolumeKeeper(
            DataDirectory directory,
            LocalChunkStoreSettings settings,
            LocalRuntime runtime,
            Forcing forcing) {
        this.directory = directory;
        this.settings = settings;
        this.runtime = runtime;
        this.forcing = forcing;
        this.space = new FreeSpace(directory.root(), settings.reserveBytes());
        this.losses = new Losses(directory.root(), runtime.random());
    }

    /** An open volume, who is inside, and what reclaims its dead space. */
    private record Opened(LocalVolume volume, CallGate gate, Compactor compactor) {}

    /** How it fares, and a sentence about it. */
    private record Condition(State state, String detail) {}

    /** Something to do with the volume. */
    interface Call<T> {
        T on(LocalVolume volume) throws IOException;
    }

    /**
     * Opens the volume; where that fails it is tried again with every probe.
     *
     * @throws BackendException when its index goes by another number of partitions
     */
    void start() {
        if (directory.isInPlace()) {
            try {
                open();
            } catch (OtherPartitionsException e) {
                throw new BackendException(Reason.IO, describe(MediumFault.sentence(e)), e);
            } catch (IOException e) {
                become(State.FAILED, MediumFault.sentence(e));
            }
        } else {
            probe();
        }
        scheduleProbe();
    }

    /** A call that reads, whatever else it does: that it may not says nothing about writing. */
    <T> T read(Call<T> call) {
        return call(call, false);
    }

    /** A call that changes something and takes hardly any space. */
    <T> T remove(Call<T> call) {
        if (condition.state() == State.READ_ONLY) {
            throw refused(Reason.READ_ONLY);
        }
        return call(call, true);
    }

    /** A call that takes space. */
    <T> T write(Call<T> call) {
        switch (condition.state()) {
            case READ_ONLY -> throw refused(Reason.READ_ONLY);
            case FULL -> throw refused(Reason.FULL);
            case UP, FAILED -> {}
        }
        return call(call, true);
    }

    void requireRoomFor(long bytes) {
        if (!space.hasRoomFor(bytes) && condition.state() == State.UP) {
            become(State.FULL, ONLY_RESERVE);
        }
    }

    private <T> T call(Call<T> call, boolean writes) {
        if (closed) {
            throw new BackendException(
                    Reason.CLOSED, "the backend " + directory.root() + " has been closed", null);
        }
        Opened current = opened;
        if (current == null || condition.state() == State.FAILED || !current.gate().tryEnter()) {
            throw refused(Reason.IO);
        }
        try {
            return call.on(current.volume());
        } catch (ChunkCorruptException e) {
            // Where one chunk cannot be read, the medium may be about to fail.
            if (e.getCause() != null) {
                suspect = true;
            }
            throw e;
        } catch (IOException e) {
            throw failed(e, writes);
        } finally {
            current.gate().leave();
        }
    }

    private BackendException refused(Reason reason) {
        return new BackendException(reason, describe(condition.detail()), null);
    }

    /**
     * Notes what an error says about the medium; one that says little is for the probe to judge.
     *
     * @param writes whether a permission that was denied was one to write
     */
    private BackendException failed(IOException e, boolean writes) {
        MediumFault said = MediumFault.of(e);
        MediumFault fault = said == MediumFault.READ_ONLY && !writes ? MediumFault.IO : said;
        if (!isInPlace()) {
            become(State.FAILED, "the directory was taken away");
        } else if (fault != MediumFault.IO) {
            become(fault.state(), MediumFault.sentence(e));
        } else {
            suspect = true;
            if (indexBroken()) {
                probeSoon();
            }
        }
        return new BackendException(fault.reason(), describe(MediumFault.sentence(e)), e);
    }

    private void probeSoon() {
        runtime.time().schedule(Duration.ZERO, this::probe);
    }

    private boolean isInPlace() {
        Opened current = opened;
        return directory.isInPlace() && (current == null || current.volume().parts().isInPlace());
    }

    private boolean indexBroken() {
        Opened current = opened;
        return current != null && current.volume().parts().index().broken() != null;
    }

    private String describe(String detail) {
        return "The backend %s: %s".formatted(directory.root(), detail);
    }

    private void become(State state, String detail) {
        Condition before = condition;
        condition = new Condition(state, detail);
        if (before.state() != state) {
            if (state == State.UP) {
                log.info("the backend {} is well again", directory.root());
            } else {
                log.warn("the backend {} is {}: {}", directory.root(), state, detail);
            }
        }
    }

    private void open() throws IOException {
        losses.recall();
        VolumeParts parts = VolumeParts.open(losses, directory.root(), settings, runtime, forcing);
        long chunks = parts.index().state().chunks();
        if (chunks < lastUsage.chunks() && losses.last() == lastUsage.loss()) {
            noteLoss(parts);
        }
        opened =
                new Opened(
                        new LocalVolume(parts, settings, runtime),
                        new CallGate(directory.root().toString()),
                        new Compactor(
                                parts,
                                settings.compaction().deadPercent(),
                                space::leavesHalfReserve,
                                runtime.time()));
        if (hadLostLabel || losses.last() != lastUsage.loss()) {
            hadLostLabel = false;
            emptied.incrementAndGet();
            log.warn(
                    "the backend {} has {} chunks, and lost some: they are to be copied again",
                    directory.root(),
                    chunks);
        }
    }

    private void noteLoss(VolumeParts parts) throws IOException {
        try {
            losses.note();
        } catch (IOException e) {
            parts.close();
            throw e;
        }
    }

    /** See {@link io.lilio.chunk.ChunkStore#refilled}. */
    void refilled(long loss) {
        remove(
                volume -> {
                    losses.end(loss);
                    return loss;
                });
    }

    private void closeVolume() {
        Opened current = opened;
        if (current != null) {
            lastUsage = usageOf(current);
            current.gate().close();
            current.volume().parts().close();
            opened = null;
        }
    }

    private void scheduleProbe() {
        if (!closed) {
            nextProbe = runtime.time().schedule(settings.probeInterval(), this::probeAndGoOn);
        }
    }

    private void probeAndGoOn() {
        try {
            probe();
            maintain(
                    settings.compaction().bytesPerSecond()
                            * settings.probeInterval().toMillis()
                            / 1000);
        } catch (BackendException e) {
            log.warn("looking after {} failed: {}", directory.root(), e.getMessage());
        } finally {
            scheduleProbe();
        }
    }

    /** Looks at the directory and draws the conclusions. */
    void probe() {
        probing.lock();
        try {
            if (!closed) {
                probeLocked();
            }
        } finally {
            probing.unlock();
        }
    }

    private void probeLocked() {
        boolean present = isInPlace();
        if (present) {
            space.look();
        }
        if (opened != null && present && (!indexBroken() || !reopeningMayHelp())) {
            judgeMedium();
            return;
        }
        if (opened != null) {
            become(State.FAILED, present ? "its index failed" : "the directory was taken away");
        }
        try {
            closeVolume();
            hadLostLabel |= directory.reopen(settings.adoptEmptied(), losses);
            open();
            space.look();
            judgeMedium();
        } catch (IOException e) {
            become(State.FAILED, MediumFault.sentence(e));
        }
    }

    /** While nothing can be written, an index that failed to write is still good for reading. */
    private boolean reopeningMayHelp() {
        try {
            WriteProbe.write(directory.root(), Math.min(REOPENING_BYTES, space.reserve() / 2));
            return true;
        } catch (IOException e) {
            log.debug("the index of {} cannot be opened anew yet", directory.root(), e);
            return false;
        }
    }

    private void judgeMedium() {
        Path root = directory.root();
        if (!Files.isWritable(root)) {
            become(State.READ_ONLY, "its medium is read-only");
        } else if (condition.state() != State.UP || suspect || indexBroken()) {
            judgeByWriting();
        } else if (space.isLow()) {
            become(State.FULL, ONLY_RESERVE);
        }
    }

    private void judgeByWriting() {
        try {
            suspect = false;
            WriteProbe.write(directory.root(), PROBE_BYTES);
            boolean wasFull = condition.state() == State.FULL;
            if (indexBroken()) {
                become(State.FULL, "its medium is full");
            } else if (wasFull ? !space.hasRecovered() : space.isLow()) {
                become(State.FULL, wasFull ? condition.detail() : ONLY_RESERVE);
            } else {
                become(State.UP, "");
            }
        } catch (IOException e) {
            become(MediumFault.of(e).state(), MediumFault.sentence(e));
        }
    }

    /** Reclaims dead space, for about that many bytes; one run at a time. */
    void maintain(long budgetBytes) {
        State state = condition.state();
        if ((state != State.UP && state != State.FULL) || !probing.tryLock()) {
            return;
        }
        try {
            Opened current = opened;
            if (current != null && !closed) {
                read(volume -> volume.parts().threads().run(() -> reclaim(current, budgetBytes)));
            }
        } finally {
            probing.unlock();
        }
    }

    private static boolean reclaim(Opened current, long budgetBytes) throws IOException {
        VolumeParts parts = current.volume().parts();
        GoneFiles.removeSome(parts.layout(), parts.index());
        return current.compactor().run(budgetBytes);
    }

    BackendHealth health() {
        Condition now = condition;
        return new BackendHealth(
                now.state(), space.capacityBytes(), space.freeBytes(), now.detail(), emptied.get());
    }

    BackendUsage usage() {
        Opened current = opened;
        return current == null ? lastUsage : usageOf(current);
    }

    private BackendUsage usageOf(Opened current) {
        VolumeParts parts = current.volume().parts();
        IndexState state = parts.index().state();
        return new BackendUsage(
                state.chunks(),
                state.payloadBytes(),
                parts.sizes().totalBytes() + state.fileBytes(),
                state.unconfirmed(),
                losses.last());
    }

    void close() {
        closed = true;
        Time.Cancellable probe = nextProbe;
        if (probe != null) {
            probe.cancel();
        }
        probing.lock();
        try {
            closeVolume();
            directory.close();
        } finally {
            probing.unlock();
        }
    }
}
