package io.lilio.maintenance.drop;

import io.lilio.catalog.ring.RingCache;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.run.Counter;
import io.lilio.maintenance.run.MaintenanceTask;
import io.lilio.maintenance.run.Run;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.session.Sessions;
import io.lilio.placement.MemberId;
import io.lilio.placement.RingView;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what does not belong to this node's own members any more (DESIGN §5): a mover deletes
 * nothing, each member decides by itself. Looks at every partition, as what arrives late at a
 * member that has dropped a partition has to go too.
 */
public final class PartitionDrop implements MaintenanceTask {

    private static final Logger log = LoggerFactory.getLogger(PartitionDrop.class);

    /** Chunks deleted while puts of their partition are kept out. */
    private static final int BATCH = 500;

    private final RingCache ring;
    private final Members members;
    private final Sessions sessions;
    private final DeletionBrake brake;

    public PartitionDrop(RingCache ring, Members members, Sessions sessions, DeletionBrake brake) {
        this.ring = ring;
        this.members = members;
        this.sessions = sessions;
        this.brake = brake;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.DROP;
    }

    @Override
    public void run(Run run) {
        brake.check();
        RingView view = ring.refresh();
        sessions.current().publishNow();
        var rule = new DropRule(sessions.live());
        for (MemberClient member : members.all()) {
            if (member.member().store() instanceof GatedChunkStore store) {
                try {
                    drop(member.member().id(), store, view, rule, run);
                } catch (ChunkStoreException e) {
                    log.debug("member {} drops nothing", member.member().name(), e);
                }
            }
        }
    }

    private void drop(
            MemberId member, GatedChunkStore store, RingView view, DropRule rule, Run run) {
        if (store.usage().chunks() == 0) {
            return;
        }
        for (int p = 0; p < view.partitions(); p++) {
            int partition = p;
            int dropped = rule.allows(member, partition, view) ? BATCH : 0;
            while (dropped == BATCH) {
                run.step(0);
                brake.check();
                dropped =
                        store.drop(
                                partition, newest -> rule.allows(member, partition, newest), BATCH);
                run.steps(dropped, 0);
                run.count(Counter.CHUNKS_DROPPED, dropped);
            }
        }
    }
}
