package io.lilio.maintenance.run;

import java.util.Locale;

/** What runs count. */
public enum Counter {
    /** Trash records whose chunks are gone from every member, and which are gone too. */
    TRASH_SWEPT,
    /** Trash records that some request may still read. */
    TRASH_WAITING,
    /** Trash records that stay since a member did not answer. */
    TRASH_HELD,
    /** Chunks looked at. */
    CHUNKS_LISTED,
    /** Chunks deleted, each copy counted. */
    CHUNKS_DELETED,
    /** Chunks that nobody owns but whose writer may still commit. */
    CHUNKS_WAITING,
    /** Copies whose unconfirmed mark was taken off. */
    CHUNKS_CONFIRMED,
    /** Copies made. */
    CHUNKS_COPIED,
    /** Chunks that still lack a copy: no good one to be had, or a member did not answer. */
    CHUNKS_UNREPAIRED,
    /** Chunks of which members hold different bytes: an alarm. */
    CHUNKS_CONFLICTING,
    /** Copies read and found good. */
    CHUNKS_VERIFIED,
    /** Copies that are corrupt, or listed and not there. */
    CHUNKS_BAD,
    /** Payload bytes read or copied. */
    BYTES,
    /** Blobs that might have been orphans. */
    BLOBS_SUSPECTED,
    /** Blobs that nobody owns. */
    BLOBS_ORPHANED,
    /** Records walked. */
    RECORDS_WALKED,
    /** Partitions looked at, or moved. */
    PARTITIONS,
    /** Partitions that there were to be looked at, or moved, when the run began. */
    PARTITIONS_TOTAL,
    /** Copies that there were to be looked at or made then, about. */
    OBJECTS_TOTAL,
    /** Payload bytes that there were to be read or copied then, about. */
    BYTES_TOTAL,
    /** Partitions that were settled although some slot lacks a copy: work for a repair. */
    PARTITIONS_SHORT,
    /** Copies deleted by members to which no table assigns them any more. */
    CHUNKS_DROPPED,
    /** Partitions of which some member could not be asked. */
    PARTITIONS_INCOMPLETE,
    /** Members that lost chunks and may still lack some of them. */
    MEMBERS_LACKING;

    /** In lower case: for records and metrics. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
