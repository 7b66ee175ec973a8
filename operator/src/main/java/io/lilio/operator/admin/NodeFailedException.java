package io.lilio.operator.admin;

import org.jspecify.annotations.Nullable;

/** One node does not answer, or not what can be understood: another may. */
final class NodeFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 300;

    private final String finding;
    private final boolean sent;

    private NodeFailedException(String finding, boolean sent, @Nullable Throwable cause) {
        super(finding, cause);
        this.finding = finding;
        this.sent = sent;
    }

    /** It cannot have got the request. */
    static NodeFailedException unasked(String finding, Throwable cause) {
        return new NodeFailedException(oneLine(finding), false, cause);
    }

    /**
     * It may have done what it was asked for.
     *
     * @param finding what it did instead of answering, as a verb
     */
    static NodeFailedException asked(String finding, @Nullable Throwable cause) {
        return new NodeFailedException(oneLine(finding), true, cause);
    }

    /** Some of it may come from whoever listens there. */
    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "..." : line;
    }

    /** What it did instead of answering, as a verb; one line. */
    String finding() {
        return finding;
    }

    /** Whether it may have got the request. */
    boolean sent() {
        return sent;
    }
}
