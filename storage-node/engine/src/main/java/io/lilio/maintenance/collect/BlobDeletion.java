package io.lilio.maintenance.collect;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.BlobId;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.RingView;
import io.lilio.replication.MemberClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes all chunks of blobs from every member of every table that may place them (rule
 * SWEEP_ALL_TABLES). In bounded batches, one call per member and batch.
 */
final class BlobDeletion {

    private static final Logger log = LoggerFactory.getLogger(BlobDeletion.class);

    /** Chunk copies named in memory at once. */
    private static final int BATCH = 8_192;

    private final CollectParts parts;
    private final RingView view;
    private final Run run;
    private final Map<MemberId, List<ChunkId>> pending = new HashMap<>();
    private final Set<BlobId> incomplete = ConcurrentHashMap.newKeySet();
    private int pendingCount;

    BlobDeletion(CollectParts parts, RingView view, Run run) {
        this.parts = parts;
        this.view = view;
        this.run = run;
    }

    /**
     * @return those of which some member that is not gone did not confirm the deletion
     */
    Set<BlobId> delete(Collection<BlobRef> blobs) {
        for (BlobRef blob : blobs) {
            for (int index = 0; index < blob.chunks(); index++) {
                add(new ChunkId(blob.id(), index, 0), blob.epoch());
            }
        }
        flush();
        return new HashSet<>(incomplete);
    }

    private void add(ChunkId chunk, long blobEpoch) {
        for (MemberId holder : view.everyHolder(chunk.partition(view.partitions()), blobEpoch)) {
            boolean gone =
                    view.ring()
                            .member(holder)
                            .map(Member::state)
                            .map(MemberState::gone)
                            .orElse(true);
            if (!gone) {
                pending.computeIfAbsent(holder, member -> new ArrayList<>()).add(chunk);
                pendingCount++;
            }
        }
        if (pendingCount >= BATCH) {
            flush();
        }
    }

    private void flush() {
        if (pendingCount == 0) {
            return;
        }
        run.steps(pendingCount, 0);
        parts.brake().check();
        parts.parallel().each(List.copyOf(pending.keySet()), this::deleteAt);
        pending.clear();
        pendingCount = 0;
    }

    private void deleteAt(MemberId member) {
        List<ChunkId> chunks = pending.getOrDefault(member, List.of());
        Optional<MemberClient> client = parts.members().find(member);
        if (client.isPresent()) {
            try {
                client.get().delete(chunks);
                run.count(Counter.CHUNKS_DELETED, chunks.size());
                return;
            } catch (ChunkStoreException e) {
                log.debug("member {} did not delete {} chunks", member, chunks.size(), e);
            }
        }
        chunks.forEach(chunk -> incomplete.add(chunk.blob()));
    }
}
