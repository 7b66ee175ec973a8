package io.lilio.replication;

/**
 * The arithmetic of a quorum: of {@code asked} members, {@code needed} have to say yes. Each has
 * one voice; what it says again does not count. Not thread-safe.
 */
final class QuorumTracker {

    /** How it stands. Once it is not {@link #OPEN}, it never changes. */
    enum Verdict {
        OPEN,
        /** Enough have said yes. */
        REACHED,
        /** So many have said no that the others are not enough. */
        IMPOSSIBLE
    }

    private final int asked;
    private final int needed;
    private long yes;
    private long no;
    private Verdict verdict;

    /**
     * @param asked how many are asked, 0 to 64
     * @param needed how many have to say yes, 1 or more
     */
    QuorumTracker(int asked, int needed) {
        if (asked < 0 || asked > Long.SIZE || needed < 1) {
            throw new IllegalArgumentException(needed + " needed of " + asked);
        }
        this.asked = asked;
        this.needed = needed;
        this.verdict = asked < needed ? Verdict.IMPOSSIBLE : Verdict.OPEN;
    }

    /** The member at that place said yes. */
    Verdict yes(int place) {
        long voice = voice(place);
        if (((yes | no) & voice) == 0) {
            yes |= voice;
            if (verdict == Verdict.OPEN && Long.bitCount(yes) >= needed) {
                verdict = Verdict.REACHED;
            }
        }
        return verdict;
    }

    /** The member at that place said no, or will not answer. */
    Verdict no(int place) {
        long voice = voice(place);
        if (((yes | no) & voice) == 0) {
            no |= voice;
            if (verdict == Verdict.OPEN && asked - Long.bitCount(no) < needed) {
                verdict = Verdict.IMPOSSIBLE;
            }
        }
        return verdict;
    }

    Verdict verdict() {
        return verdict;
    }

    /** Whether everyone has answered. */
    boolean complete() {
        return Long.bitCount(yes | no) == asked;
    }

    boolean saidYes(int place) {
        return (yes & voice(place)) != 0;
    }

    boolean saidNo(int place) {
        return (no & voice(place)) != 0;
    }

    int yesCount() {
        return Long.bitCount(yes);
    }

    int noCount() {
        return Long.bitCount(no);
    }

    private long voice(int place) {
        if (place < 0 || place >= asked) {
            throw new IllegalArgumentException("nobody was asked at place " + place);
        }
        return 1L << place;
    }
}
