package io.lilio.maintenance.collect;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.metadata.session.Marks;
import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunks of partitions on all members, for the full collection: listed, judged, deleted. The
 * partitions of a group are looked at side by side; used by one thread.
 */
final class PartitionChunks {

    private static final Logger log = LoggerFactory.getLogger(PartitionChunks.class);
    private static final int PAGE = 1_000;

    private final CollectParts parts;
    private final Run run;

    /** Partitions of which somebody did not tell all, so that each is counted once. */
    private final Set<Integer> incomplete = ConcurrentHashMap.newKeySet();

    PartitionChunks(CollectParts parts, Run run) {
        this.parts = parts;
        this.run = run;
    }

    /**
     * Adds the blobs of chunks whose writing request can no longer commit.
     *
     * @param first of the partitions
     * @param end the one behind the last
     */
    void suspects(int first, int end, BlobSet found) {
        each(first, end, (member, page) -> suspects(page, found));
    }

    private void suspects(List<ChunkHeader> page, BlobSet found) {
        // After the listing: a chunk of a session that began later is no suspect.
        Marks marks = parts.sessions().live();
        long givenUp = parts.brake().givenUp();
        synchronized (found) {
            for (ChunkHeader chunk : page) {
                if (marks.ended(chunk.session(), chunk.openingRevision(), givenUp)) {
                    found.add(chunk.id().blob());
                } else {
                    run.count(Counter.CHUNKS_WAITING, 1);
                }
            }
        }
        run.count(Counter.CHUNKS_LISTED, page.size());
    }

    /** Deletes the chunks of orphaned blobs wherever they are; partitions as above. */
    void delete(int first, int end, BlobSet orphans) {
        each(first, end, (member, page) -> delete(member, page, orphans));
    }

    private void delete(MemberClient member, List<ChunkHeader> page, BlobSet orphans) {
        List<ChunkId> doomed =
                page.stream()
                        .map(ChunkHeader::id)
                        .filter(id -> orphans.contains(id.blob()))
                        .toList();
        if (!doomed.isEmpty()) {
            parts.brake().check();
            member.delete(doomed);
            run.count(Counter.CHUNKS_DELETED, doomed.size());
        }
    }

    private void each(int first, int end, PageWork work) {
        parts.parallel()
                .each(
                        IntStream.range(first, end).boxed().toList(),
                        partition -> eachPage(partition, work));
    }

    /** What is done with some of a partition's chunks at a member. */
    private interface PageWork {
        void accept(MemberClient member, List<ChunkHeader> page);
    }

    /** A member that does not answer keeps what it has; another run will ask it again. */
    private void eachPage(int partition, PageWork work) {
        boolean all = knownHere();
        for (MemberClient member : parts.members().all()) {
            try {
                @Nullable ChunkId after = null;
                List<ChunkHeader> page;
                do {
                    page = member.list(partition, after, PAGE);
                    if (page.isEmpty()) {
                        break;
                    }
                    run.steps(page.size(), 0);
                    work.accept(member, page);
                    after = page.getLast().id();
                } while (page.size() == PAGE);
            } catch (ChunkStoreException e) {
                all &= isGone(member.member().id());
                log.debug("member {} does not answer", member.member().name(), e);
            }
        }
        if (!all && incomplete.add(partition)) {
            run.count(Counter.PARTITIONS_INCOMPLETE, 1);
        }
    }

    /** Whether this process has ever heard of all members that may hold chunks. */
    private boolean knownHere() {
        return parts.ring().current().ring().members().stream()
                .filter(member -> member.state().counted())
                .allMatch(member -> parts.members().find(member.id()).isPresent());
    }

    /** Nobody waits for the answer of one that was lost. */
    private boolean isGone(MemberId id) {
        return parts.ring()
                .current()
                .ring()
                .member(id)
                .filter(member -> member.state().gone())
                .isPresent();
    }
}
