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
 * @param collects whether the full collection runs while clients are at work; where it does not,
 *     everything has to be cleaned up without it
 */
record Profile(
        Set<Fault> faults,
        int count,
        Ending ending,
        VersionUse versions,
        int keyCount,
        boolean collects) {

    /** What is asked of the run as a whole. */
    enum Ending {
        /** All is put right, and everything is there. */
        WHOLE,
        /** The same, and no reader notices anything before. */
        CALM,
        /** The metadata go back to an older state, and nobody deletes anything. */
        ROLLED_BACK
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
                    Fault.BIT_ROT);

    /** Whether a run has all of this, by name. */
    boolean has(List<String> wanted) {
        List<String> names = new ArrayList<>(List.of(ending.name(), versions.name()));
        faults.forEach(fault -> names.add(fault.name()));
        names.add(collects ? "COLLECTS" : "COLLECTS_NOT");
        return names.containsAll(wanted);
    }

    /** The profile that follows from a seed. */
    static Profile of(Random random) {
        Set<Fault> faults = EnumSet.noneOf(Fault.class);
        int kind = random.nextInt(12);
        Ending ending = kind < 3 ? Ending.CALM : kind == 11 ? Ending.ROLLED_BACK : Ending.WHOLE;
        boolean calm = ending == Ending.CALM;
        if (calm || random.nextInt(3) != 0) {
            faults.addAll(RING_CHANGES);
        }
        if (!calm) {
            if (random.nextInt(3) == 0) {
                faults.addAll(LOSSES);
                faults.addAll(RING_CHANGES);
            }
            List<Fault> troubles = new ArrayList<>(TROUBLE);
            Collections.shuffle(troubles, random);
            faults.addAll(troubles.subList(0, 1 + random.nextInt(4)));
            if (random.nextInt(4) == 0) {
                faults.add(Fault.METADATA_LOSSY);
            }
        }
        VersionUse versions =
                switch (random.nextInt(8)) {
                    case 0 -> VersionUse.KEPT;
                    case 1 -> VersionUse.DELETED;
                    default -> VersionUse.NONE;
                };
        return new Profile(
                faults,
                8 + random.nextInt(8),
                ending,
                versions,
                1 + random.nextInt(3),
                random.nextBoolean());
    }
}
