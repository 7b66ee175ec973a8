package io.lilio.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which members hold each partition: for every partition, slots {@code 0} to {@code width - 1},
 * each with a member or empty. Immutable.
 *
 * <p>It is computed once per epoch and stored in the ring document, so readers never compute it and
 * the algorithm may change.
 */
public final class PlacementTable {

    /** The largest number of partitions that a ring may have. */
    public static final int MAX_PARTITIONS = 65_536;

    private static final char EMPTY = 0;

    private final int width;
    private final List<MemberId> members;

    /** For partition p and slot s, at {@code p * width + s}: 0, or 1 + an index into members. */
    private final char[] cells;

    private final List<List<MemberId>> placed;

    private PlacementTable(int width, List<MemberId> members, char[] cells) {
        this.width = width;
        this.members = members;
        this.cells = cells;
        this.placed = placedOf(width, members, cells);
    }

    /**
     * @param slots for each partition, its slots; all of the same number, empty ones included
     */
    static PlacementTable of(List<List<Optional<MemberId>>> slots) {
        int width = slots.getFirst().size();
        List<MemberId> members =
                slots.stream()
                        .flatMap(List::stream)
                        .flatMap(Optional::stream)
                        .distinct()
                        .sorted()
                        .toList();
        Map<MemberId, Character> index = new HashMap<>();
        for (int i = 0; i < members.size(); i++) {
            index.put(members.get(i), (char) (i + 1));
        }
        char[] cells = new char[slots.size() * width];
        int next = 0;
        for (List<Optional<MemberId>> row : slots) {
            for (Optional<MemberId> slot : row) {
                cells[next++] = slot.map(index::get).orElse(EMPTY);
            }
        }
        return fromCells(width, members, cells);
    }

    /**
     * The stored form.
     *
     * @param width slots per partition
     * @param members distinct
     * @param cells for partition p and slot s, at {@code p * width + s}: 0 for an empty slot, or 1
     *     + an index into {@code members}
     * @throws IllegalArgumentException when the cells make no table
     */
    public static PlacementTable fromCells(int width, List<MemberId> members, char[] cells) {
        if (width < 1 || width > Replication.MAX_FACTOR) {
            throw new IllegalArgumentException(
                    "a partition has 1 to %d slots, not %d"
                            .formatted(Replication.MAX_FACTOR, width));
        }
        if (cells.length == 0
                || cells.length % width != 0
                || cells.length / width > MAX_PARTITIONS) {
            throw new IllegalArgumentException(
                    "%d cells make no table of %d slots per partition"
                            .formatted(cells.length, width));
        }
        for (char cell : cells) {
            if (cell > members.size()) {
                throw new IllegalArgumentException(
                        "a cell names member %d of %d".formatted((int) cell, members.size()));
            }
        }
        return new PlacementTable(width, List.copyOf(members), cells.clone());
    }

    private static List<List<MemberId>> placedOf(int width, List<MemberId> members, char[] cells) {
        Map<List<MemberId>, List<MemberId>> shared = new HashMap<>();
        List<List<MemberId>> placed = new ArrayList<>(cells.length / width);
        for (int from = 0; from < cells.length; from += width) {
            List<MemberId> row = new ArrayList<>(width);
            for (int i = from; i < from + width; i++) {
                if (cells[i] != EMPTY) {
                    row.add(members.get(cells[i] - 1));
                }
            }
            placed.add(shared.computeIfAbsent(row, List::copyOf));
        }
        return List.copyOf(placed);
    }

    public int partitions() {
        return placed.size();
    }

    /** Slots per partition, empty ones included. */
    public int width() {
        return width;
    }

    /** The members that some slot names, in the order that the stored cells count them. */
    public List<MemberId> members() {
        return members;
    }

    /** The members that hold a partition, in order of their slots; immutable, no allocation. */
    public List<MemberId> members(int partition) {
        return placed.get(partition);
    }

    /** The member at a slot, if it has one. */
    public Optional<MemberId> at(int partition, int slot) {
        char cell = cells[partition * width + slot];
        return cell == EMPTY ? Optional.empty() : Optional.of(members.get(cell - 1));
    }

    /** Whether a member holds a partition. */
    public boolean places(int partition, MemberId member) {
        return placed.get(partition).contains(member);
    }

    /** How many partitions a member holds. */
    public int partitionsOf(MemberId member) {
        int count = 0;
        for (List<MemberId> row : placed) {
            if (row.contains(member)) {
                count++;
            }
        }
        return count;
    }

    /** A copy of the cells, see {@link #fromCells}. */
    public char[] cells() {
        return cells.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PlacementTable that
                && width == that.width
                && members.equals(that.members)
                && Arrays.equals(cells, that.cells);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells);
    }

    @Override
    public String toString() {
        return "%d partitions of %d slots over %d members"
                .formatted(partitions(), width, members.size());
    }
}
