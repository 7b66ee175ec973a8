package io.lilio.maintenance.repair;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.Run;
import io.lilio.replication.MemberClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member's chunks of a partition in order of their ids, a page at a time. Not thread-safe. */
final class MemberListing {

    private static final int PAGE = 1_000;

    private final MemberClient member;
    private final int partition;
    private final Run run;
    private List<ChunkHeader> page = List.of();
    private int next;
    private boolean last;

    MemberListing(MemberClient member, int partition, Run run) {
        this.member = member;
        this.partition = partition;
        this.run = run;
    }

    MemberClient member() {
        return member;
    }

    /**
     * The chunk that comes next, without moving on.
     *
     * @return null when there is none
     * @throws io.lilio.chunk.ChunkStoreException when the member does not answer
     */
    @Nullable ChunkHeader peek() {
        if (next == page.size() && !last) {
            @Nullable ChunkId after = page.isEmpty() ? null : page.getLast().id();
            page = member.list(partition, after, PAGE);
            last = page.size() < PAGE;
            next = 0;
            run.steps(page.size(), 0);
            run.count(Counter.CHUNKS_LISTED, page.size());
        }
        return next == page.size() ? null : page.get(next);
    }

    /** The chunk that the latest {@link #peek} has shown. */
    @Nullable ChunkHeader loaded() {
        return next == page.size() ? null : page.get(next);
    }

    /** Moves on. */
    void advance() {
        next++;
    }
}
