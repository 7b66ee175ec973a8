/** The rules of the protocol. Each is on unless a check switches it off to see what it holds. */
enum Rule {
    // commit
    /** A commit is sent only after W acknowledgements. */ ACK_AT_W,
    COMPARE_INCARNATION,
    COMPARE_EPOCH_OPEN,
    /** The head's revision; what goes to trash is what was read under it. */ COMPARE_HEAD,
    /** An unknown outcome is resolved only after the session's fence was bumped. */ FENCE,
    NO_TRANSPORT_RETRY,
    NO_ROLLBACK_ON_UNKNOWN,
    /** A request with an unknown outcome holds its session's mark until the fence was bumped. */ UNKNOWN_HOLDS_MARK,
    /** "There was no head and there is none" does not prove that the commit was refused. */ ABSENCE_PROVES_NOTHING,
    /** A compare on an absent head fails when the head came and went in between. Not needed. */ HEAD_TOMBSTONE,

    // marks
    /** A mark has passed a revision when it is greater, not equal. */ PASSED_IS_STRICT,
    /** A request joins its session's in-flight set before its first read. */ REGISTER_BEFORE_READ,
    /** A session is created together with its first mark. */ SESSION_BORN_WITH_MARK,
    TRASH_WAITS_FOR_MARKS,
    ORPHAN_WAITS_FOR_MARK,
    /** The owner look-up of a single unconfirmed chunk counts a trash record as an owner. */ LOOKUP_SEES_TRASH,
    DELETE_WRITES_TRASH,
    /** "All N have it" is sent after the commit, not before. */ CONFIRM_AFTER_COMMIT,
    /** Trash is swept from every table between min(blob epoch, settled) and the newest. */ SWEEP_ALL_TABLES,
    /** A copy made by repair or a mover carries the unconfirmed mark too. */ COPIES_ARE_UNCONFIRMED,
    REPAIR_READS_OWNER,

    // confirmation
    /** A member refuses a put of what it was told to delete, while a second delivery or a confirmation may be on its way. */
    DELETED_STAYS_DELETED,
    /** Who heals or moves asks after the last copy whether its session lives, and else confirms nothing. */
    CONFIRM_WHILE_LIVE,
    /** So does a writer whose last copy landed late. */ STRAGGLERS_ASK_SESSION,
    /** Late is what lands after the commit was sent, not only what lands after it was answered. */ LANDED_BEFORE_COMMIT,
    /** Until that copy has landed, or is given up, its request holds its session's mark. */ LATE_COPIES_HOLD_MARK,
    /** A member passes over a confirmation that was decided under an older ring than it knows. */ CONFIRM_UNDER_ITS_RING,
    /** What is level by an older table, while its partition is not settled at the newest, is not confirmed. */
    CONFIRM_BY_NEWEST_TABLE,

    // full walk
    /** Candidates are listed before (or with) the sessions, so that a newer session's chunk is no candidate. */
    GC_LISTS_BEFORE_MARKS,
    /** Marks are read before owners. */ GC_MARKS_BEFORE_OWNERS,
    GC_HEADS_BEFORE_VERSIONS,
    /** After the walk, all live marks pass the walk's end before anything is deleted. */ GC_WAITS_AFTER_WALK,
    GC_SEES_TRASH,
    GC_READS_TRASH_LAST,
    /** Deleting the newest version never moves an older manifest from the versions into the head. */
    MANIFEST_NEVER_MOVES_TO_HEAD,

    // ring
    CLOSE_BEFORE_LIST,
    /** A listing asks enough holders to meet every write quorum. */ LIST_R_HOLDERS,
    /** Enough is (slots of that table) - W + 1, not R; the same unless a table has fewer slots than N. */
    LIST_QUORUM_BY_SLOTS,
    LIST_EVERY_OLDER_TABLE,
    /** A mover skips a listed chunk that has no owner (any more). */ MOVER_READS_OWNER,
    /** For a mover a trash record is an owner. */ MOVER_TAKES_TRASHED,
    /** All new slots verified before settling, not only W. */ EVERY_SLOT_VERIFIED,
    MOVER_DELETES_NOTHING,
    SETTLE_COMPARES_EPOCH,
    /** Every put and listing carries the sender's ring epoch. */ RPC_CARRIES_EPOCH,
    /** So does the mover's check that a copy is there. */ STAT_CARRIES_EPOCH,
    RESTART_READS_RING,
    DROP_LOOKS_AT_NEWER_RINGS,
    /** At each ring between settled and the newest, not only at the newest. */ DROP_LOOKS_AT_EVERY_NEWER_RING,
    DROP_WAITS_FOR_MARKS,
    /** A drained member is removed only when no table from settled to the newest names it. */
    REMOVE_LOOKS_AT_NEWER_RINGS,
    /** A table before settled is forgotten, and swept no more, only when its members have dropped what it gave them. */
    TABLES_OUTLAST_DROPS,
    /** A member that lost some of its chunks counts in no listing until it is refilled. */ REFILLING_LISTS_NOTHING,
    /** The repair that says so looks when all marks have passed the loss. */ REFILL_WAITS_FOR_MARKS,

    // alternative, off unless asked for
    /** An unconfirmed orphan is deleted when all live marks have passed the look-up that found no owner. */ TWO_LOOKS
}
