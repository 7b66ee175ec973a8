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

    public Usage minus(Usage other) {
        return new Usage(objects - other.objects, bytes - other.bytes);
    }
}
