package io.lilio.placement;

/**
 * How the key space is cut up over the members, for ever: with other numbers every table that is
 * computed later would place nearly all partitions anew.
 *
 * @param partitions what moves as one between members, 1 to {@value PlacementTable#MAX_PARTITIONS}
 * @param virtualNodes positions of a member of weight 1 on the {@link HashRing}, 1 to {@value
 *     #MAX_VIRTUAL_NODES}
 */
public record Partitioning(int partitions, int virtualNodes) {

    /** How many partitions a ring has unless it is told otherwise. */
    public static final int DEFAULT_PARTITIONS = 4_096;

    /** How many virtual nodes a weight of 1 has unless told otherwise. */
    public static final int DEFAULT_VIRTUAL_NODES = 150;

    /** The largest number of virtual nodes of a weight of 1. */
    public static final int MAX_VIRTUAL_NODES = 1_000;

    /** That of a ring that is told nothing. */
    public static final Partitioning DEFAULT = of(DEFAULT_PARTITIONS);

    /**
     * @throws IllegalArgumentException when a number is out of bounds
     */
    public Partitioning {
        requireWithin(partitions, PlacementTable.MAX_PARTITIONS, "partitions");
        requireWithin(virtualNodes, MAX_VIRTUAL_NODES, "virtual nodes");
    }

    private static void requireWithin(int number, int most, String what) {
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(
                    "a ring has 1 to %d %s, not %d".formatted(most, what, number));
        }
    }

    /** So many partitions, and the usual number of virtual nodes. */
    public static Partitioning of(int partitions) {
        return new Partitioning(partitions, DEFAULT_VIRTUAL_NODES);
    }
}
