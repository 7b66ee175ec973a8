package io.lilio.chunk.backend.local;

import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth.State;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;

/**
 * What an I/O error says about the medium. Java hands the operating system's text on, no number.
 */
enum MediumFault {
    FULL(Reason.FULL, State.FULL),
    READ_ONLY(Reason.READ_ONLY, State.READ_ONLY),
    /** Anything else: a look at the directory has to tell. */
    IO(Reason.IO, State.FAILED);

    private static final List<String> OF_NO_FILE =
            List.of("too many open files", "cannot allocate memory", "stale file handle");

    private final Reason reason;
    private final State state;

    MediumFault(Reason reason, State state) {
        this.reason = reason;
        this.state = state;
    }

    Reason reason() {
        return reason;
    }

    State state() {
        return state;
    }

    static MediumFault of(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (text.contains("no space left") || text.contains("disk quota exceeded")) {
                return FULL;
            }
            if (text.contains("read-only file system")
                    || text.contains("permission denied")
                    || cause instanceof AccessDeniedException) {
                return READ_ONLY;
            }
        }
        return IO;
    }

    /**
     * Whether an error that met one file says nothing about that file: the process or the system is
     * short of file descriptors or memory, or a network file system has lost its files.
     */
    static boolean isOfNoFile(IOException error) {
        String text = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        return OF_NO_FILE.stream().anyMatch(text::contains);
    }

    /** What happened, for people. */
    static String sentence(IOException error) {
        String what = String.valueOf(error.getMessage());
        return error instanceof FileSystemException && error.getClass() != FileSystemException.class
                ? error.getClass().getSimpleName().replace("Exception", "") + " " + what
                : what;
    }
}
