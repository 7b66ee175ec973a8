package io.lilio.catalog.operation;

/** How a maintenance run stands. */
public enum OperationState {
    /** Asked for; nobody has taken it up yet. */
    REQUESTED,
    /** Under way, or left off by a process that is gone: whoever takes it up resumes it. */
    RUNNING,
    SUCCEEDED,
    /** Over: all was done that could be done then; its message tells what is left. */
    INCOMPLETE,
    FAILED,
    CANCELLED;

    /** Whether it is over. */
    public boolean ended() {
        return switch (this) {
            case REQUESTED, RUNNING -> false;
            case SUCCEEDED, INCOMPLETE, FAILED, CANCELLED -> true;
        };
    }
}
