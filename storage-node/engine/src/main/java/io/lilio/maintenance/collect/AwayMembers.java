package io.lilio.maintenance.collect;

import io.lilio.catalog.content.BlobRef;
import io.lilio.chunk.ChunkId;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import io.lilio.replication.BreakerState;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import java.util.HashSet;
import java.util.Set;

/**
 * Members that are not gone for good and yet cannot delete now: the trash record of a blob of which
 * one of them may hold a chunk has to stay.
 */
record AwayMembers(Set<MemberId> ids) {

    static final AwayMembers NOBODY = new AwayMembers(Set.of());

    AwayMembers {
        ids = Set.copyOf(ids);
    }

    static AwayMembers now(Members members, RingView view) {
        Set<MemberId> away = new HashSet<>();
        for (Member member : view.ring().members()) {
            boolean deletes =
                    member.state().gone()
                            || members.find(member.id()).filter(AwayMembers::deletes).isPresent();
            if (!deletes) {
                away.add(member.id());
            }
        }
        return new AwayMembers(away);
    }

    private static boolean deletes(MemberClient member) {
        return member.writeState() != BreakerState.OPEN
                && switch (member.health().state()) {
                    case UP, FULL -> true;
                    case READ_ONLY, FAILED -> false;
                };
    }

    /** Whether one of them may hold a chunk of a blob. */
    boolean mayHold(BlobRef blob, RingView view) {
        if (ids.isEmpty()) {
            return false;
        }
        for (int index = 0; index < blob.chunks(); index++) {
            int partition = new ChunkId(blob.id(), index, 0).partition(view.partitions());
            for (MemberId holder : view.everyHolder(partition, blob.epoch())) {
                if (ids.contains(holder)) {
                    return true;
                }
            }
        }
        return false;
    }
}
