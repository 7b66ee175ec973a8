package io.lilio.server.bootstrap.config;

import java.util.Optional;

/**
 * When and how fast the store is kept well, as text: {@code lilio.maintenance.*}. What is not set
 * is as {@code MaintenanceSettings.defaults()} says.
 */
public interface MaintenanceConfig {

    /** The one engagement of the deletion brake that was looked into and is released. */
    Optional<String> acknowledge();

    /** How long a chunk may stay unconfirmed before its backend looks it up. */
    Optional<String> unconfirmedAge();

    /** Things that one run does at once. */
    Optional<String> parallelism();

    /**
     * Whether this node runs gc, repair, scrub and rebalance by itself and takes up those that are
     * asked for; if not, they are left to jobs.
     */
    Optional<String> scheduler();

    Brake brake();

    /** When a collection stops all deletion. */
    interface Brake {
        /** The share of all blobs that one collection may delete. */
        Optional<String> maxShare();

        /** Blobs that are no reason to stop, whatever their share. */
        Optional<String> alwaysAllowed();
    }

    /** Writes what was counted of buckets' usage. */
    Rhythm usage();

    /** Deletes what was overwritten or removed. */
    Walk trash();

    /** Looks up what stays unconfirmed. */
    Copying orphans();

    /** The full walk over everything. */
    Collection gc();

    /** Compares what backends hold and copies what is missing. */
    Copying repair();

    /** Reads and verifies every chunk. */
    Copying scrub();

    /** Moves chunks to where a changed ring places them. */
    Copying rebalance();

    /** Deletes what a changed ring does not place on this node's backends any more. */
    Walk drop();

    /** Something that is done again and again. */
    interface Rhythm {
        /** From the end of one run to the next. */
        Optional<String> interval();
    }

    /** And that goes through records or chunks. */
    interface Walk extends Rhythm {
        Optional<String> maxItemsPerSecond();
    }

    /** And that reads or copies payload. */
    interface Copying extends Walk {
        Optional<String> maxBytesPerSecond();
    }

    /** And that compares all chunks with all records. */
    interface Collection extends Walk {
        /** Blobs held in memory, 16 to 64 bytes each, for one walk over all records. */
        Optional<String> maxBlobs();

        /** How long it waits for requests that were under way, before it gives up. */
        Optional<String> maxWait();
    }
}
