package io.lilio.maintenance.run;

import java.util.SortedMap;

/**
 * How a run ended.
 *
 * @param counts what was counted, by the counters' ids
 * @param message for people; empty when all is well
 */
public record RunResult(Outcome outcome, SortedMap<String, Long> counts, String message) {

    /** Ways to end. */
    public enum Outcome {
        SUCCEEDED,
        /** All was done that could be done; the rest waits for members that did not answer. */
        INCOMPLETE,
        FAILED,
        CANCELLED,
        /** The metadata did not answer: whoever takes it up goes on at its checkpoint. */
        LEFT_OFF,
        /** Another process runs this kind of maintenance. */
        ELSEWHERE
    }

    public long count(Counter counter) {
        return counts.getOrDefault(counter.id(), 0L);
    }
}
