package io.lilio.catalog.content;

/**
 * Consecutive parts of the same size.
 *
 * @param firstPart number of the first, 1 to 10,000
 * @param count how many, at least 1
 * @param partSize bytes of each
 */
public record PartRun(int firstPart, int count, long partSize) {

    public PartRun {
        if (firstPart < 1 || count < 1 || partSize < 0) {
            throw new IllegalArgumentException(
                    "parts from " + firstPart + ", " + count + " of " + partSize + " bytes");
        }
    }

    /** The number after the last. */
    public int endPart() {
        return firstPart + count;
    }

    public boolean contains(int part) {
        return part >= firstPart && part < endPart();
    }
}
