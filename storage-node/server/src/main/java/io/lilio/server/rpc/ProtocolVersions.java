package io.lilio.server.rpc;

/**
 * The versions of the protocol that a node speaks. A release that changes it goes on speaking that
 * of the release before.
 *
 * @param min the oldest
 * @param max the newest
 */
public record ProtocolVersions(int min, int max) {

    /** What this release speaks. */
    public static final ProtocolVersions CURRENT = new ProtocolVersions(1, 1);

    public ProtocolVersions {
        if (min < 1 || max < min || max > 255) {
            throw new IllegalArgumentException("versions " + min + " to " + max);
        }
    }

    /**
     * The newest version that both speak.
     *
     * @throws RefusedException naming both ranges when there is none
     */
    int common(int otherMin, int otherMax) throws RefusedException {
        int newest = Math.min(max, otherMax);
        if (newest < min || newest < otherMin) {
            throw new RefusedException(
                    "this node speaks versions %d to %d of the protocol between nodes, the other %d"
                                    .formatted(min, max, otherMin)
                            + " to %d: they are too many releases apart".formatted(otherMax));
        }
        return newest;
    }
}
