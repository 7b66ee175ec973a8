package io.lilio.catalog.usage;

/**
 * What a bucket holds, or a change of it.
 *
 * @param objects versions, delete markers not counted
 * @param bytes their sizes
 */
public record Usage(long objects, long bytes) {

    private static final Usage NONE = new Usage(0, 0);

    public static Usage none() {
        return NONE;
    }

    /** Whether both are 0. */
    public boolean isNone() {
        return objects == 0 && bytes == 0;
    }

    public Usage plus(Usage other) {
        return new Usage(objects + other.objects, bytes + other.bytes);
    }

    /**
     * As people are told: a sum is below 0 where a node was killed that had counted what others
     * removed since.
     */
    public Usage notNegative() {
        return new Usage(Math.max(0, objects), Math.max(0, bytes));
    }

    /** How far it is outside of what two others enclose, objects and bytes each for themselves. */
    public Usage beyond(Usage one, Usage other) {
        return new Usage(
                beyond(objects, one.objects, other.objects), beyond(bytes, one.bytes, other.bytes));
    }

    private static long beyond(long number, long one, long other) {
        return number - Math.clamp(number, Math.min(one, other), Math.max(one, other));
    }

    public Usage minus(Usage other) {
        return new Usage(objects - other.objects, bytes - other.bytes);
    }
}
