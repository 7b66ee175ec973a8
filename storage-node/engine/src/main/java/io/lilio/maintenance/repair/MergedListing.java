package io.lilio.maintenance.repair;

import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.run.Run;
import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What several members hold of a partition, chunk by chunk in order of their ids. Memory: a page of
 * each member's list. Not thread-safe.
 */
public final class MergedListing {

    private static final Logger log = LoggerFactory.getLogger(MergedListing.class);

    private final int partition;
    private final List<MemberListing> listings = new ArrayList<>();
    private final Set<MemberId> complete = new HashSet<>();

    /**
     * A chunk that some member holds.
     *
     * @param chunk as one of them tells
     * @param holders who has it, all with the same payload unless {@code conflicting}
     * @param conflicting whether they hold different bytes under its id: an alarm
     */
    public record Listed(ChunkHeader chunk, Set<MemberId> holders, boolean conflicting) {}

    public MergedListing(Collection<MemberClient> members, int partition, Run run) {
        this.partition = partition;
        for (MemberClient member : members) {
            listings.add(new MemberListing(member, partition, run));
            complete.add(member.member().id());
        }
    }

    /** The next chunk; null at the end. Members that stop answering are left out from then on. */
    public @Nullable Listed next() {
        @Nullable ChunkHeader smallest = smallest();
        if (smallest == null) {
            return null;
        }
        Set<MemberId> holders = new HashSet<>();
        boolean conflicting = false;
        for (MemberListing listing : listings) {
            @Nullable ChunkHeader head = listing.loaded();
            if (head != null && head.id().equals(smallest.id())) {
                conflicting |= !head.samePayload(smallest);
                holders.add(listing.member().member().id());
                listing.advance();
            }
        }
        if (conflicting) {
            log.error("members hold different bytes under chunk {}", smallest.id());
        }
        return new Listed(smallest, holders, conflicting);
    }

    /** Those who have answered so far: at the end, those whose lists were read whole. */
    public Set<MemberId> complete() {
        return Set.copyOf(complete);
    }

    private @Nullable ChunkHeader smallest() {
        @Nullable ChunkHeader smallest = null;
        for (MemberListing listing : List.copyOf(listings)) {
            @Nullable ChunkHeader head = head(listing);
            if (head != null && (smallest == null || head.id().compareTo(smallest.id()) < 0)) {
                smallest = head;
            }
        }
        return smallest;
    }

    private @Nullable ChunkHeader head(MemberListing listing) {
        try {
            return listing.peek();
        } catch (ChunkStoreException e) {
            log.debug("{} stopped answering in partition {}", listing.member(), partition, e);
            listings.remove(listing);
            complete.remove(listing.member().member().id());
            return null;
        }
    }
}
