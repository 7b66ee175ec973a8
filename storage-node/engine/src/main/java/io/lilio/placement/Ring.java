package io.lilio.placement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The ring document: who is a member, and which members hold which partition at which epoch.
 * Immutable; changes are new documents. The epoch rises only when the table changes.
 *
 * @param revision the metadata revision at which this document was stored; 0 before it is
 * @param partitioning how the key space is cut up, for ever
 * @param replication quorums and spread
 * @param members all members ever, tombstones included
 * @param tables the table of each epoch from the smallest to the newest that some partition still
 *     needs, or by which some member still holds what it has to drop; unmodifiable
 * @param operation the ring change under way
 * @param ended the ring changes that ended last, the latest last, at most {@link #REMEMBERED}: who
 *     asks for one of them again learns that it is done
 * @param featureLevel the newest format that every node can read
 */
public record Ring(
        long revision,
        Partitioning partitioning,
        Replication replication,
        List<Member> members,
        NavigableMap<Long, PlacementTable> tables,
        Optional<RingOperation> operation,
        List<EndedOperation> ended,
        int featureLevel) {

    /** The epoch of a new ring; a partition that was never settled is settled here. */
    public static final long FIRST_EPOCH = 1;

    /** How many ring changes that have ended are remembered. */
    public static final int REMEMBERED = 32;

    /** The formats that this software writes. */
    public static final int FEATURE_LEVEL = 1;

    public Ring {
        members = List.copyOf(members);
        requireDistinct(members);
        ended = ended.subList(Math.max(0, ended.size() - REMEMBERED), ended.size());
        ended = List.copyOf(ended);
        tables = Collections.unmodifiableNavigableMap(new TreeMap<>(tables));
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("a ring has at least one table");
        }
        for (PlacementTable table : tables.values()) {
            if (table.partitions() != partitioning.partitions()) {
                throw new IllegalArgumentException(
                        "a table of %d partitions in a ring of %d"
                                .formatted(table.partitions(), partitioning.partitions()));
            }
        }
    }

    private static void requireDistinct(List<Member> members) {
        Set<MemberId> ids = new HashSet<>();
        for (Member member : members) {
            if (!ids.add(member.id())) {
                throw new IllegalArgumentException("two members have the identity " + member.id());
            }
        }
    }

    /**
     * A new ring at its first epoch, over those of the members that are ACTIVE.
     *
     * @throws IllegalArgumentException when there are fewer of them than a write needs
     */
    public static Ring create(
            Partitioning partitioning, Replication replication, List<Member> members) {
        PlacementTable table =
                Placement.compute(members, partitioning, replication, Optional.empty());
        return new Ring(
                0,
                partitioning,
                replication,
                members,
                new TreeMap<>(Map.of(FIRST_EPOCH, table)),
                Optional.empty(),
                List.of(),
                FEATURE_LEVEL);
    }

    /** How many partitions there are. */
    public int partitions() {
        return partitioning.partitions();
    }

    /** The newest epoch: what new blobs are written under. */
    public long epoch() {
        return tables.lastKey();
    }

    /** The oldest epoch whose table is still kept. */
    public long oldestEpoch() {
        return tables.firstKey();
    }

    /** The newest table. */
    public PlacementTable table() {
        return tables.lastEntry().getValue();
    }

    /** The table of an epoch, unless it is not kept any more or newer than this document. */
    public Optional<PlacementTable> table(long epoch) {
        return Optional.ofNullable(tables.get(epoch));
    }

    /**
     * The members that hold a partition in the table of an epoch, in order of their slots.
     *
     * @throws UnknownEpochException when this document has no table of that epoch
     */
    public List<MemberId> slots(int partition, long epoch) {
        PlacementTable table = tables.get(epoch);
        if (table == null) {
            throw new UnknownEpochException(epoch, oldestEpoch(), epoch());
        }
        return table.members(partition);
    }

    /** The members in certain states; nothing is allocated when there are none. */
    Set<MemberId> among(Predicate<MemberState> states) {
        Set<MemberId> found = Set.of();
        for (Member member : members) {
            if (states.test(member.state())) {
                found = found.isEmpty() ? new HashSet<>() : found;
                found.add(member.id());
            }
        }
        return found;
    }

    public Optional<Member> member(MemberId id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /**
     * A member joins, or one that has announced itself is admitted: it becomes ACTIVE and the table
     * of the next epoch names it.
     *
     * @throws IllegalArgumentException when the identity was used before
     */
    public Ring admit(Member joining, RingOperation operation) {
        Optional<Member> known = member(joining.id());
        if (known.isPresent() && known.get().state() != MemberState.JOINING) {
            throw new IllegalArgumentException(
                    "member %s is %s already".formatted(joining.id(), known.get().state()));
        }
        List<Member> next = new ArrayList<>(members);
        next.removeIf(member -> member.id().equals(joining.id()));
        next.add(joining.withState(MemberState.ACTIVE));
        return withMembers(next, Optional.of(operation));
    }

    /**
     * The document with other members. The table is computed anew, those that stay keep their slot
     * numbers; when it differs from the newest one, it is added under the next epoch.
     *
     * @throws IllegalArgumentException when fewer members than a write needs are ACTIVE
     */
    public Ring withMembers(List<Member> next, Optional<RingOperation> by) {
        PlacementTable table =
                Placement.compute(next, partitioning, replication, Optional.of(table()));
        NavigableMap<Long, PlacementTable> kept = new TreeMap<>(tables);
        if (!table.equals(table())) {
            kept.put(epoch() + 1, table);
        }
        return new Ring(revision, partitioning, replication, next, kept, by, ended, featureLevel);
    }

    /**
     * The document with members of other states or names, and the same tables: for those that no
     * new table may name, before and after.
     */
    public Ring withSameTables(List<Member> next) {
        return new Ring(
                revision, partitioning, replication, next, tables, operation, ended, featureLevel);
    }

    /** The document without an operation under way; the one that was is remembered as ended. */
    public Ring withOperationEnded(EndedOperation.Outcome outcome) {
        return operation.map(was -> withEnded(was, outcome)).orElse(this);
    }

    /** The document in which an operation has ended that changed no table. */
    public Ring withEnded(RingOperation which, EndedOperation.Outcome outcome) {
        List<EndedOperation> more = new ArrayList<>(ended);
        var remembered =
                new RingOperation(
                        which.id(),
                        which.type(),
                        which.token(),
                        which.targets(),
                        List.of(),
                        List.of(),
                        which.arguments());
        more.add(new EndedOperation(remembered, outcome, epoch()));
        return new Ring(
                revision,
                partitioning,
                replication,
                members,
                tables,
                operation.filter(current -> !current.id().equals(which.id())),
                more,
                featureLevel);
    }

    /** The document without the tables of epochs before one, the newest table always kept. */
    public Ring withoutTablesBefore(long oldest) {
        return new Ring(
                revision,
                partitioning,
                replication,
                members,
                tables.tailMap(Math.min(oldest, epoch()), true),
                operation,
                ended,
                featureLevel);
    }

    /** The same document as stored at a revision. */
    public Ring atRevision(long stored) {
        return new Ring(
                stored, partitioning, replication, members, tables, operation, ended, featureLevel);
    }
}
