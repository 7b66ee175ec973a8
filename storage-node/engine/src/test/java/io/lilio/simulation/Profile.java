package io.lilio.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What may go wrong in one run. Few kinds of faults at a time find more than all of them at once,
 * so each run has a seeded choice of its own; some have none but ring changes.
 *
 * @param faults that are chosen from
 * @param count how many there are
 * @param ending what is asked of the run
 * @param versions what becomes of objects that are replaced
 * @param keyCount how many keys clients share
 * @param aims what is to meet
 * @param slant where messages fare badly all the time
 * @param collects whether the full collection runs while clients are at work; where it does not,
 *     everything has to be cleaned up without it
 */
record Profile(
        Set<Fault> faults,
        int count,
        Ending ending,
        List<Aim> aims,
        Slant slant,
        VersionUse versions,
        int keyCount,
        boolean collects) {

    private static final int AIMS = 3;

    /** What is asked of the run as a whole. */
    enum Ending {
        /** All is put right, and everything is there. */
        WHOLE,
        /** The same, and no reader notices anything before. */
        CALM,
        /** The metadata go back to an older state, and nobody deletes anything. */
        ROLLED_BACK
    }

    /** Where messages fare badly all the time, while all else is well most of the time. */
    enum Slant {
        NONE,
        /** Commits, and what is sent to find out about them. */
        COMMITS,
        /** What is written, listed, copied. */
        COPIES,
        /** What tells of changes: rings are known late. */
        RINGS,
        /** What is read. */
        READS,
        /** What is written, while members lose what they hold. */
        LOSSES,
        /**
         * Confirmations come very late, also to who was lost meanwhile and has come back; last
         * copies come late, and some of them twice.
         */
        CONFIRMATIONS;

        /** Whether hardly any client is slow: marks pass soon, and what is deleted is swept. */
        boolean isHasty() {
            return switch (this) {
                case COPIES, LOSSES, CONFIRMATIONS -> true;
                case NONE, COMMITS, RINGS, READS -> false;
            };
        }
    }

    /** What becomes of objects that are replaced. */
    enum VersionUse {
        /** They are thrown away. */
        NONE,
        /** They are kept as versions. */
        KEPT,
        /** They are kept, and deleted one by one, the newest among them. */
        DELETED
    }

    boolean calm() {
        return ending == Ending.CALM;
    }

    /** What clients do not notice. */
    static final Set<Fault> RING_CHANGES =
            EnumSet.of(Fault.ADMIT, Fault.DRAIN, Fault.CANCEL, Fault.REPLACE, Fault.REWEIGH);

    /** What a member has to be lost for. */
    static final Set<Fault> LOSSES =
            EnumSet.of(Fault.MARK_LOST, Fault.RETURN, Fault.READMIT, Fault.REPLACE);

    static final Set<Fault> TROUBLE =
            EnumSet.of(
                    Fault.REQUEST_LOST,
                    Fault.ANSWER_LOST,
                    Fault.MESSAGE_LATE,
                    Fault.MESSAGE_TWICE,
                    Fault.NODE_KILLED,
                    Fault.NODE_FROZEN,
                    Fault.CUT_FROM_PEERS,
                    Fault.CUT_FROM_METADATA,
                    Fault.METADATA_LOSSY,
                    Fault.NETWORK_LOSSY,
                    Fault.LEASE_ENDED,
                    Fault.WATCHES_DELAYED,
                    Fault.WATCHES_LOST,
                    Fault.DISK_ERRORS,
                    Fault.DISK_FULL,
                    Fault.DISK_SLOW,
                    Fault.DISK_WIPED,
                    Fault.CHUNKS_LOST,
                    Fault.BIT_ROT);

    /** Whether a run has all of this, by name. */
    boolean has(List<String> wanted) {
        List<String> names = new ArrayList<>(List.of(ending.name(), versions.name()));
        faults.forEach(fault -> names.add(fault.name()));
        names.add(collects ? "COLLECTS" : "COLLECTS_NOT");
        names.add("SLANT_" + slant);
        names.add(versions == VersionUse.NONE ? "UNVERSIONED" : "VERSIONED");
        return names.containsAll(wanted);
    }

    /** The profile that follows from a seed. */
    static Profile of(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        int kind = random.nextInt(12);
        Ending ending = kind < 3 ? Ending.CALM : kind == 11 ? Ending.ROLLED_BACK : Ending.WHOLE;
        List<Aim> aims = aims(seed, ending);
        Slant slant = slant(random, ending);
        VersionUse versions =
                switch (random.nextInt(8)) {
                    case 0 -> VersionUse.KEPT;
                    case 1 -> VersionUse.DELETED;
                    default -> VersionUse.NONE;
                };
        boolean mustCollect = aims.stream().anyMatch(a -> a.phase().work() == Phase.Work.COLLECT);
        return new Profile(
                faults(random, ending, slant, aims),
                6 + random.nextInt(8),
                ending,
                aims,
                slant,
                versions,
                1 + random.nextInt(slant == Slant.COMMITS && random.nextBoolean() ? 12 : 3),
                random.nextBoolean() || mustCollect);
    }

    private static Slant slant(Random random, Ending ending) {
        int chosen = random.nextInt(12);
        return switch (ending) {
            case WHOLE ->
                    switch (chosen) {
                        case 0, 1, 2 -> Slant.COMMITS;
                        case 3, 4 -> Slant.COPIES;
                        case 5 -> Slant.RINGS;
                        case 6 -> Slant.READS;
                        case 7 -> Slant.LOSSES;
                        case 8, 9 -> Slant.CONFIRMATIONS;
                        default -> Slant.NONE;
                    };
            case CALM -> chosen < 6 ? Slant.RINGS : Slant.NONE;
            case ROLLED_BACK -> Slant.NONE;
        };
    }

    /** Seeds in a row have others, so that many of them have all. */
    private static List<Aim> aims(long seed, Ending ending) {
        List<Aim> possible =
                Aim.ALL.stream().filter(aim -> isPossible(aim.fault(), ending)).toList();
        if (ending == Ending.ROLLED_BACK) {
            return List.of(possible.get((int) (seed % possible.size())));
        }
        List<Aim> aims = new ArrayList<>();
        for (int i = 0; i < AIMS; i++) {
            aims.add(possible.get((int) ((AIMS * seed + i) % possible.size())));
        }
        return aims;
    }

    private static boolean isPossible(Fault fault, Ending ending) {
        return switch (ending) {
            case WHOLE -> fault != Fault.METADATA_ROLLED_BACK;
            case CALM -> RING_CHANGES.contains(fault);
            case ROLLED_BACK -> fault == Fault.METADATA_ROLLED_BACK;
        };
    }

    private static Set<Fault> faults(Random random, Ending ending, Slant slant, List<Aim> aims) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        boolean moves =
                aims.stream()
                        .map(aim -> aim.phase().work())
                        .anyMatch(work -> work == Phase.Work.MOVE || work == Phase.Work.DROP);
        boolean ofRings =
                switch (slant) {
                    case COPIES, RINGS, LOSSES -> true;
                    default -> false;
                };
        if (ending == Ending.CALM || moves || ofRings || random.nextInt(3) != 0) {
            faults.addAll(RING_CHANGES);
        }
        if (ending == Ending.CALM) {
            return faults;
        }
        boolean losses =
                slant == Slant.CONFIRMATIONS
                        || aims.stream().anyMatch(aim -> LOSSES.contains(aim.fault()));
        if (losses || random.nextInt(3) == 0) {
            faults.addAll(LOSSES);
            faults.addAll(RING_CHANGES);
        }
        List<Fault> troubles = new ArrayList<>(TROUBLE);
        Collections.shuffle(troubles, random);
        faults.addAll(troubles.subList(0, 1 + random.nextInt(4)));
        if (random.nextInt(4) == 0) {
            faults.add(Fault.METADATA_LOSSY);
        }
        return faults;
    }
}
