package io.lilio.history;

/**
 * One operation of one client on one key, as the client saw it. Values are unique per key, {@link
 * #ABSENT} is the state before the first write and after a delete.
 *
 * @param client who, for messages
 * @param callNanos when the client sent it
 * @param returnNanos when the client had the answer; {@link #NEVER} when the outcome is unknown: it
 *     may take effect at any later time, or not at all
 * @param effect what it observed and did
 */
public record Operation(String client, long callNanos, long returnNanos, Effect effect) {

    public static final String ABSENT = "absent";

    public static final long NEVER = Long.MAX_VALUE;

    /** What an operation means for the state of its key. */
    public sealed interface Effect {

        /** Whether the operation could have had its outcome in this state. */
        boolean allowedIn(String state);

        /** The state afterwards. */
        String after(String state);
    }

    /** A GET or HEAD, a 404 among them. */
    public record Read(String seen) implements Effect {
        @Override
        public boolean allowedIn(String state) {
            return seen.equals(state);
        }

        @Override
        public String after(String state) {
            return state;
        }
    }

    /** A PUT, or a DELETE when the value is {@link #ABSENT}. */
    public record Write(String value) implements Effect {
        @Override
        public boolean allowedIn(String state) {
            return true;
        }

        @Override
        public String after(String state) {
            return value;
        }
    }

    /** A PUT that was conditional on the state, and was done. */
    public record WriteIf(String expected, String value) implements Effect {
        @Override
        public boolean allowedIn(String state) {
            return expected.equals(state);
        }

        @Override
        public String after(String state) {
            return value;
        }
    }

    /** A conditional PUT that was refused: the state was another one. */
    public record RefusedIf(String expected) implements Effect {
        @Override
        public boolean allowedIn(String state) {
            return !expected.equals(state);
        }

        @Override
        public String after(String state) {
            return state;
        }
    }
}
