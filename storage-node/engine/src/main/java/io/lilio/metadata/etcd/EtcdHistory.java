package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revisions of etcd that are past. etcd keeps them until it is told to forget them, which its
 * own configuration should do; what is deleted takes space until then. When space runs short, those
 * go that no view can need, so that deleting makes room before etcd is full. Not thread-safe.
 */
final class EtcdHistory {

    private static final Logger log = LoggerFactory.getLogger(EtcdHistory.class);

    /** Older than any view. */
    private static final Duration KEPT = EtcdView.AGE.plusSeconds(15);

    /** An etcd that forgets by itself has done so by then. */
    private static final Duration PATIENCE = Duration.ofHours(3);

    /** Fewer are no reason to complain. */
    private static final long MANY = 100_000;

    private final EtcdClient client;
    private final Time time;
    private final Deque<Seen> seen = new ArrayDeque<>();
    private Optional<Seen> first = Optional.empty();
    private long compacted;

    private record Seen(long revision, long nanos) {}

    EtcdHistory(EtcdClient client, Time time) {
        this.client = client;
        this.time = time;
    }

    /** etcd is there now. */
    void saw(long revision) {
        Seen now = new Seen(revision, time.nanos());
        first = first.or(() -> Optional.of(now));
        while (seen.size() > 1 && now.nanos() - second().nanos() > KEPT.toNanos()) {
            seen.removeFirst();
        }
        if (seen.isEmpty() || now.nanos() - seen.getLast().nanos() > KEPT.toNanos() / 16) {
            seen.addLast(now);
        }
    }

    private Seen second() {
        return seen.stream().skip(1).findFirst().orElseThrow();
    }

    /** Forgets what no view can need. Blocks. */
    void compact() {
        Seen oldest = seen.getFirst();
        if (oldest.revision() <= compacted || time.nanos() - oldest.nanos() < KEPT.toNanos()) {
            return;
        }
        try {
            client.ask(
                    KVGrpc.getCompactMethod(),
                    CompactionRequest.newBuilder().setRevision(oldest.revision()).build());
            log.info("etcd forgets its history up to revision {}", oldest.revision());
            compacted = oldest.revision();
        } catch (EtcdException e) {
            if (e.fault() == EtcdFault.COMPACTED) {
                compacted = oldest.revision();
            } else {
                log.warn("etcd does not forget its history: {}", e.getMessage());
            }
        } catch (MetadataUnavailableException e) {
            log.debug("etcd is away", e);
        }
    }

    /** Complains, sometimes, about an etcd that forgets nothing by itself. Blocks. */
    void check() {
        Seen since = first.orElseThrow();
        if (time.nanos() - since.nanos() < PATIENCE.toNanos()) {
            return;
        }
        first = Optional.empty();
        long revisions = seen.getLast().revision() - since.revision();
        if (revisions < MANY) {
            return;
        }
        try {
            client.ask(
                    KVGrpc.getRangeMethod(),
                    client.nothing().toBuilder().setRevision(since.revision()).build());
            log.warn(
                    "etcd has kept {} revisions for {} hours: start it with"
                            + " --auto-compaction-mode=periodic --auto-compaction-retention=5m, or it"
                            + " will be full of history",
                    revisions,
                    PATIENCE.toHours());
        } catch (EtcdException e) {
            log.debug("etcd forgets, as it should", e);
        } catch (MetadataUnavailableException e) {
            log.debug("etcd is away", e);
        }
    }
}
