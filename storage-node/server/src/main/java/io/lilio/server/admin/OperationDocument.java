package io.lilio.server.admin;

import io.lilio.admin.api.MemberStatus;
import io.lilio.admin.api.OperationStatus;
import io.lilio.catalog.operation.Operation;
import io.lilio.catalog.operation.OperationState;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.placement.RingView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs of maintenance as the API shows them, at one moment. Not thread-safe. */
final class OperationDocument {

    private final RingView ring;
    private final Supplier<List<MemberStatus>> members;
    private @Nullable Held held;

    /**
     * @param ring as it is now
     * @param members how the members fare; asked for at most once, and only when that matters
     */
    OperationDocument(RingView ring, Supplier<List<MemberStatus>> members) {
        this.ring = ring;
        this.members = members;
    }

    /** What the members hold that answered. */
    private record Held(long chunks, long payloadBytes) {}

    OperationStatus of(Operation run) {
        return new OperationStatus(
                run.id(),
                run.kind(),
                run.state().name(),
                run.request().cancelled(),
                run.started(),
                run.updated(),
                run.finished().orElse(null),
                run.runner().name().isEmpty() ? null : run.runner().name(),
                run.message(),
                progress(run),
                run.counts());
    }

    private OperationStatus.Progress progress(Operation run) {
        long done = count(run, Counter.PARTITIONS);
        @Nullable Long total = partitions(run);
        long bytes = count(run, Counter.BYTES);
        boolean looksAtAll = !run.state().ended() && !moves(run);
        return new OperationStatus.Progress(
                done,
                total,
                objects(run),
                looksAtAll ? Long.valueOf(held().chunks()) : null,
                bytes,
                bytesTotal(run),
                rate(run, bytes),
                estimatedEnd(run, done, total));
    }

    /** A rebalance knows what it has to move once it has looked; the others look at all. */
    private @Nullable Long partitions(Operation run) {
        return moves(run)
                ? positive(count(run, Counter.PARTITIONS_TOTAL))
                : Long.valueOf(ring.partitions());
    }

    /** A repair copies what is missing, which nobody knows; a gc reads no payload. */
    private @Nullable Long bytesTotal(Operation run) {
        if (moves(run)) {
            return positive(count(run, Counter.BYTES_TOTAL));
        }
        boolean reads = run.kind().equals(TaskKind.SCRUB.id()) && !run.state().ended();
        return reads ? Long.valueOf(held().payloadBytes()) : null;
    }

    private static boolean moves(Operation run) {
        return run.kind().equals(TaskKind.REBALANCE.id());
    }

    private static @Nullable Long positive(long number) {
        return number == 0 ? null : Long.valueOf(number);
    }

    private Held held() {
        Held known = held;
        if (known == null) {
            long chunks = 0;
            long bytes = 0;
            for (MemberStatus member : members.get()) {
                MemberStatus.Usage usage = member.usage();
                if (usage != null) {
                    chunks += usage.chunks();
                    bytes += usage.payloadBytes();
                }
            }
            known = new Held(chunks, bytes);
            held = known;
        }
        return known;
    }

    private static long objects(Operation run) {
        return run.kind().equals(TaskKind.SCRUB.id())
                ? count(run, Counter.CHUNKS_VERIFIED) + count(run, Counter.CHUNKS_BAD)
                : count(run, Counter.CHUNKS_LISTED);
    }

    private static @Nullable Long rate(Operation run, long bytes) {
        long millis = Duration.between(run.runner().since(), run.updated()).toMillis();
        return millis <= 0 ? null : (bytes - run.runner().bytesBefore()) * 1_000 / millis;
    }

    private static @Nullable Instant estimatedEnd(Operation run, long done, @Nullable Long total) {
        long since = done - run.runner().partitionsBefore();
        if (run.state() != OperationState.RUNNING || total == null || since <= 0) {
            return null;
        }
        double millis = Duration.between(run.runner().since(), run.updated()).toMillis();
        return run.updated().plusMillis((long) (millis / since * Math.max(0, total - done)));
    }

    private static long count(Operation run, Counter counter) {
        return run.counts().getOrDefault(counter.id(), 0L);
    }
}
