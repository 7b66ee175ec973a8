package io.lilio.maintenance.collect;

import io.lilio.catalog.ring.RingCache;
import io.lilio.maintenance.brake.DeletionBrake;
import io.lilio.maintenance.run.Parallel;
import io.lilio.metadata.session.Sessions;
import io.lilio.replication.Members;

/**
 * What everything that deletes chunks works with.
 *
 * @param ring where chunks are
 * @param members who holds them
 * @param sessions whose marks tell what requests in flight may still read or commit
 * @param brake asked before anything is deleted
 * @param parallel does things to many members or records at once
 */
public record CollectParts(
        RingCache ring,
        Members members,
        Sessions sessions,
        DeletionBrake brake,
        Parallel parallel) {}
