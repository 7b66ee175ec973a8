package io.lilio.operator.simulation;

import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is on the volumes of storage nodes: whose they are, and of which partitions they hold the
 * chunks. A volume is known by the uid of its claim. Not thread-safe.
 */
final class Disks {

    /** One volume. */
    static final class Disk {

        final String pod;
        final BitSet copies = new BitSet();
        @Nullable UUID member;
        boolean running;
        Instant runningSince = Instant.MIN;

        private Disk(String pod) {
            this.pod = pod;
        }

        boolean isOf(UUID id) {
            return id.equals(member);
        }
    }

    private final Map<String, Disk> disks = new LinkedHashMap<>();

    /** The volume of a claim; an empty one is made when there is none. */
    Disk of(String claim, String pod) {
        return disks.computeIfAbsent(claim, _ -> new Disk(pod));
    }

    /** A volume is gone, with all that was on it. */
    void lose(String claim) {
        disks.remove(claim);
    }

    /** The volume of a member, wherever its identity is. */
    Optional<Disk> of(UUID member) {
        return disks.values().stream().filter(disk -> disk.isOf(member)).findFirst();
    }

    /** The claim of a member's volume. */
    Optional<String> claimOf(UUID member) {
        return disks.entrySet().stream()
                .filter(entry -> entry.getValue().isOf(member))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    Optional<Disk> find(String claim) {
        return Optional.ofNullable(disks.get(claim));
    }

    boolean isRunning(UUID member) {
        return of(member).filter(disk -> disk.running).isPresent();
    }

    /** The node of a volume in use. */
    Optional<Disk> runningAt(String pod) {
        return disks.values().stream()
                .filter(disk -> disk.running && disk.pod.equals(pod))
                .findFirst();
    }

    boolean anyRunning() {
        return disks.values().stream().anyMatch(disk -> disk.running);
    }

    List<Disk> all() {
        return List.copyOf(disks.values());
    }
}
