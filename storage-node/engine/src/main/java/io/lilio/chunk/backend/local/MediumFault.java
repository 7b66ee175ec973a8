package io.lilio.chunk.backend.local;

import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.BackendHealth.State;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;

/**
 * What an I/O error says about the medium. Java hands the operating system's text on, no number.
 */
enum MediumFault {
    FULL(Reason.FULL, State.FULL),
    READ_ONLY(Reason.READ_ONLY, State.READ_ONLY),
    /** Anything else: a look at the directory has to tell. */
    IO(Reason.IO, State.FAILED);

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

    /** Whether this process or the system has no file descriptor left: the medium is well. */
    static boolean isShortageOfFiles(IOException error) {
        return String.valueOf(error.getMessage())
                .toLowerCase(Locale.ROOT)
                .contains("too many open files");
    }

    /** What happened, for people. */
    static String sentence(IOException error) {
        String what = String.valueOf(error.getMessage());
        return error instanceof FileSystemException && error.getClass() != FileSystemException.class
                ? error.getClass().getSimpleName().replace("Exception", "") + " " + what
                : what;
    }
}
