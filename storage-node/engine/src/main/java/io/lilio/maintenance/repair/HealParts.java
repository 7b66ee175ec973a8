package io.lilio.maintenance.repair;

import io.lilio.catalog.owner.OwnerLookup;
import io.lilio.catalog.ring.RingCache;
import io.lilio.maintenance.run.Parallel;
import io.lilio.metadata.session.Sessions;
import io.lilio.replication.ChunkCopier;
import io.lilio.replication.Members;

/**
 * What healing works with.
 *
 * @param ring where chunks belong
 * @param members who holds them
 * @param sessions whose in-flight set protects what is being healed
 * @param owners who owns them
 * @param copier copies them
 * @param parallel heals several at once
 */
public record HealParts(
        RingCache ring,
        Members members,
        Sessions sessions,
        OwnerLookup owners,
        ChunkCopier copier,
        Parallel parallel) {}
