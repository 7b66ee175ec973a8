package io.lilio.chunk;

/**
 * How a backend fares.
 *
 * @param state what it can do
 * @param capacityBytes size of its medium, or -1 when unknown
 * @param freeBytes what can still be written, or -1 when unknown
 * @param detail a sentence for people; empty when all is well
 * @param timesEmptied how often its medium was found empty and taken up again since it was opened:
 *     each time it has to be filled from the other members
 */
public record BackendHealth(
        State state, long capacityBytes, long freeBytes, String detail, long timesEmptied) {

    /** From well to useless. */
    public enum State {
        UP,
        /** Reads and deletes work; puts fail. */
        FULL,
        /** Reads work; nothing can be changed. */
        READ_ONLY,
        /** Nothing can be relied upon. It is tried again in the background. */
        FAILED
    }

    public boolean readable() {
        return state != State.FAILED;
    }

    public boolean writable() {
        return state == State.UP;
    }
}
