package io.lilio.catalog.operation;

/** How a maintenance run stands. */
public enum OperationState {
    /** Under way, or left off by a process that is gone: whoever takes it up resumes it. */
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED
}
