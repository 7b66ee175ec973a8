package io.lilio.replication;

import io.lilio.chunk.ChunkCorruptException;
import io.lilio.chunk.ChunkHeader;
import io.lilio.chunk.ChunkId;
import io.lilio.placement.MemberId;
import io.lilio.replication.Replica.Knowledge;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Asks many members at once whether they have a chunk. */
final class PresencePoll {

    private final Members members;

    PresencePoll(Members members) {
        this.members = members;
    }

    /** Waits until each has answered or exceeded its deadline. In the order of the members. */
    List<Replica> ask(ChunkId chunk, Collection<MemberId> whom) {
        Semaphore answers = new Semaphore(0);
        List<Replica> replicas = new ArrayList<>(whom.size());
        int asked = 0;
        for (MemberId member : whom) {
            Replica replica = new Replica(member, members.find(member).orElse(null));
            replicas.add(replica);
            if (ask(chunk, replica, answers)) {
                asked++;
            }
        }
        answers.acquireUninterruptibly(asked);
        return replicas;
    }

    private static boolean ask(ChunkId chunk, Replica replica, Semaphore answers) {
        MemberClient client = replica.client;
        if (client == null) {
            return false;
        }
        PresenceCall call =
                new PresenceCall(
                        client,
                        chunk,
                        (header, failure) -> {
                            learn(replica, header, failure);
                            answers.release();
                        });
        if (!call.admit()) {
            replica.knowledge = Knowledge.UNREACHABLE;
            return false;
        }
        call.launch();
        return true;
    }

    private static void learn(
            Replica replica, @Nullable ChunkHeader header, @Nullable RuntimeException failure) {
        replica.header = header;
        if (failure instanceof ChunkCorruptException) {
            replica.knowledge = Knowledge.CORRUPT;
        } else if (failure != null) {
            replica.knowledge = Knowledge.UNREACHABLE;
        } else {
            replica.knowledge = header == null ? Knowledge.MISSING : Knowledge.PRESENT;
        }
    }
}
