package io.lilio.operator.simulation;

import java.util.BitSet;
import java.util.List;
import java.util.UUID;

/**
 * Moves chunks as a rebalance does, and as members drop and heal them: a partition is settled when
 * all of its new slots that are there, and a write quorum at least, have a copy; only then do
 * members drop what no table places at them.
 */
final class Movement {

    private final SimulatedRing ring;
    private final Disks disks;
    private final BitSet lost = new BitSet();

    Movement(SimulatedRing ring, Disks disks) {
        this.ring = ring;
        this.disks = disks;
    }

    /** The cluster was founded, and clients have stored something in every partition. */
    void fill() {
        for (int partition = 0; partition < SimulatedRing.PARTITIONS; partition++) {
            give(ring.slots(partition), partition);
        }
    }

    private void give(List<UUID> slots, int partition) {
        for (UUID slot : slots) {
            disks.of(slot)
                    .filter(disk -> disk.running)
                    .ifPresent(disk -> disk.copies.set(partition));
        }
    }

    /**
     * Goes on with the change under way.
     *
     * @param most partitions that are settled now
     */
    void go(int most) {
        int left = most;
        for (int partition = 0; partition < SimulatedRing.PARTITIONS && left > 0; partition++) {
            if (!ring.isSettled(partition) && settle(partition)) {
                left--;
            }
        }
        if (ring.unsettled() == 0 && ring.change() != null) {
            ring.finish();
        }
        drop();
    }

    private boolean settle(int partition) {
        List<UUID> slots = ring.slots(partition);
        long there = slots.stream().filter(disks::isRunning).count();
        boolean isKept = isAnywhere(partition);
        if (!isKept) {
            lost.set(partition);
        }
        if (there < SimulatedRing.WRITE_QUORUM || isKept && !isReadable(partition)) {
            return false;
        }
        if (isKept) {
            give(slots, partition);
        }
        ring.settle(partition);
        return true;
    }

    private boolean isReadable(int partition) {
        return disks.all().stream()
                .filter(disk -> disk.running && disk.copies.get(partition))
                .anyMatch(this::counts);
    }

    /** Whether some disk of a member that counts has a copy, be its node there or not. */
    boolean isAnywhere(int partition) {
        return disks.all().stream()
                .filter(disk -> disk.copies.get(partition))
                .anyMatch(this::counts);
    }

    private boolean counts(Disks.Disk disk) {
        UUID member = disk.member;
        return member != null
                && List.of("ACTIVE", "DRAINING", "RETURNED").contains(ring.state(member));
    }

    private void drop() {
        for (Disks.Disk disk : disks.all()) {
            UUID member = disk.member;
            if (member == null
                    || !List.of("ACTIVE", "DRAINING", "JOINING").contains(ring.state(member))) {
                continue;
            }
            for (int partition = 0; partition < SimulatedRing.PARTITIONS; partition++) {
                if (!ring.places(partition, member)) {
                    disk.copies.clear(partition);
                }
            }
        }
    }

    /** Members that are there get what they should have and have not. */
    void heal() {
        for (int partition = 0; partition < SimulatedRing.PARTITIONS; partition++) {
            if (isReadable(partition)) {
                give(ring.settledSlots(partition), partition);
            }
        }
    }

    /** Whether a member has all that it is counted on for. */
    boolean lacksNothing(UUID member) {
        return disks.of(member)
                .filter(
                        disk -> {
                            for (int each = 0; each < SimulatedRing.PARTITIONS; each++) {
                                boolean due = ring.settledSlots(each).contains(member);
                                if (due && !disk.copies.get(each) && !lost.get(each)) {
                                    return false;
                                }
                            }
                            return true;
                        })
                .isPresent();
    }

    /** Whether every partition has all the copies that it should have, on nodes that run. */
    boolean isWhole() {
        return ring.unsettled() == 0
                && ring.change() == null
                && ring.members().stream()
                        .filter(member -> member.isIn("ACTIVE"))
                        .allMatch(
                                member ->
                                        disks.isRunning(member.id()) && lacksNothing(member.id()));
    }
}
