package io.lilio.operator.simulation;

import io.lilio.admin.api.ApiError;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;

/** How a fake admin API fails, and what tests hear of its writes. Not thread-safe. */
public final class AdminFaults {

    private boolean reachable = true;
    private Runnable afterWrite = () -> {};
    private int reads;
    private int writes;

    /** Whether any node answers; true at first. */
    public void setReachable(boolean reachable) {
        this.reachable = reachable;
    }

    /**
     * @param afterWrite called when a write has happened and before it is answered; what it throws
     *     is thrown to the caller in place of the answer
     */
    public void setAfterWrite(Runnable afterWrite) {
        this.afterWrite = afterWrite;
    }

    public int reads() {
        return reads;
    }

    public int writes() {
        return writes;
    }

    void reading() {
        requireReachable();
        reads++;
    }

    void writing() {
        requireReachable();
    }

    void written() {
        writes++;
        afterWrite.run();
    }

    private void requireReachable() {
        if (!reachable) {
            throw new AdminApiUnreachableException("nobody answers", null);
        }
    }

    static AdminApiException refusal(int status, String code) {
        return new AdminApiException(status, new ApiError(code, code + ".", "request", null));
    }
}
