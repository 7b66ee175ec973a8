package io.lilio.maintenance.run;

/** A run was asked to end before it was done. What it has done so far stands. */
public final class RunCancelledException extends RuntimeException {

    RunCancelledException(TaskKind kind) {
        super("the " + kind.id() + " run was cancelled");
    }

    RunCancelledException(String message) {
        super(message);
    }
}
