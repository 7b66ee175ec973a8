package io.lilio.metadata.etcd;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Reads of the newest revision that come while others are on their way are asked for together,
 * since etcd and its client spend more on a call than on a key. Thread-safe.
 *
 * <p>No thread is kept for it: of those who wait, one asks for all. Nobody joins a question that
 * was sent before he came, so every read is linearizable by itself.
 */
final class CombinedReads {

    /** With more at once, batches are too small to pay. */
    private static final int MAX_IN_FLIGHT = 2;

    /** etcd takes 128 operations in a transaction. */
    private static final int MAX_KEYS = 120;

    private final Function<List<Bytes>, ReadResult> together;
    private final Function<List<Bytes>, ReadResult> alone;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int inFlight;

    /** One who waits, and what he is to do or has got. */
    private record Waiting(List<Bytes> keys, CompletableFuture<Turn> turn) {}

    private sealed interface Turn {
        /** Asks for himself and others. */
        record Lead() implements Turn {}

        /** Asks for himself: together it could not be had. */
        record Alone() implements Turn {}

        record Answered(ReadResult answer) implements Turn {}

        record Failed(RuntimeException failure) implements Turn {}
    }

    /**
     * @param together one question; throws {@link EtcdException} or what the caller is told
     * @param alone reads the keys of one caller, whatever it takes
     */
    CombinedReads(
            Function<List<Bytes>, ReadResult> together, Function<List<Bytes>, ReadResult> alone) {
        this.together = together;
        this.alone = alone;
    }

    /**
     * The values of keys at one revision, which is none before this call.
     *
     * @throws MetadataUnavailableException when etcd does not answer
     */
    ReadResult read(List<Bytes> keys) {
        Waiting own = new Waiting(keys, new CompletableFuture<>());
        synchronized (this) {
            if (inFlight < MAX_IN_FLIGHT) {
                inFlight++;
                own.turn().complete(new Turn.Lead());
            } else {
                waiting.add(own);
            }
        }
        return switch (own.turn().join()) {
            case Turn.Lead() -> lead(own);
            case Turn.Alone() -> alone.apply(keys);
            case Turn.Answered(ReadResult answer) -> answer;
            case Turn.Failed(RuntimeException failure) ->
                    throw new MetadataUnavailableException(
                            String.valueOf(failure.getMessage()), failure);
        };
    }

    /** How many wait for their turn. */
    synchronized int waiting() {
        return waiting.size();
    }

    private ReadResult lead(Waiting own) {
        List<Waiting> others = take(MAX_KEYS - own.keys().size());
        try {
            return others.isEmpty() ? alone.apply(own.keys()) : ask(own, others);
        } finally {
            others.forEach(each -> each.turn().complete(new Turn.Alone()));
            passOn();
        }
    }

    /** In the order in which they came, as long as all their keys fit. */
    private synchronized List<Waiting> take(int keys) {
        List<Waiting> taken = new ArrayList<>();
        int left = keys;
        while (!waiting.isEmpty() && waiting.getFirst().keys().size() <= left) {
            Waiting next = waiting.removeFirst();
            left -= next.keys().size();
            taken.add(next);
        }
        return taken;
    }

    private ReadResult ask(Waiting own, List<Waiting> others) {
        List<Bytes> all = new ArrayList<>(own.keys());
        others.forEach(each -> all.addAll(each.keys()));
        ReadResult answer;
        try {
            answer = together.apply(all);
        } catch (EtcdException e) { // too much at once, or more than a full etcd does at once
            others.forEach(each -> each.turn().complete(new Turn.Alone()));
            return alone.apply(own.keys());
        } catch (MetadataUnavailableException e) {
            if (!Thread.currentThread().isInterrupted()) { // else it is nobody else's affair
                others.forEach(each -> each.turn().complete(new Turn.Failed(e)));
            }
            throw e;
        }
        int from = own.keys().size();
        for (Waiting each : others) {
            int to = from + each.keys().size();
            each.turn().complete(new Turn.Answered(part(answer, from, to)));
            from = to;
        }
        return part(answer, 0, own.keys().size());
    }

    private static ReadResult part(ReadResult answer, int from, int to) {
        return new ReadResult(answer.revision(), answer.values().subList(from, to));
    }

    /** The next one that waits asks now; or one question less is on its way. */
    private synchronized void passOn() {
        Waiting next = waiting.pollFirst();
        if (next == null) {
            inFlight--;
        } else {
            next.turn().complete(new Turn.Lead());
        }
    }
}
