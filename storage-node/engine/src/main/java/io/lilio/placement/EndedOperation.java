package io.lilio.placement;

/**
 * A change of the ring that is not under way any more.
 *
 * @param operation what it was
 * @param outcome how it ended
 * @param epoch the newest of the ring when it ended
 */
public record EndedOperation(RingOperation operation, Outcome outcome, long epoch) {

    /** Ways to end. */
    public enum Outcome {
        /** Every partition was settled. */
        DONE,
        /** Another change went back to the members before it. */
        CANCELLED,
        /** Members were marked lost in the midst of it. */
        SUPERSEDED
    }
}
