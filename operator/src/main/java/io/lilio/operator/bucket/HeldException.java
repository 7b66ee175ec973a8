package io.lilio.operator.bucket;

import io.lilio.crd.bucket.BucketReason;
import org.jspecify.annotations.Nullable;

/** A pass cannot go on; the message says what it waits for and what an administrator can do. */
final class HeldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final BucketReason reason;
    private final String sentence;

    /**
     * @param sentence always the same for the same cause, since it stands in status
     */
    HeldException(BucketReason reason, String sentence) {
        this(reason, sentence, null);
    }

    /** The same, with what it comes from. */
    HeldException(BucketReason reason, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
        this.sentence = sentence;
    }

    BucketReason reason() {
        return reason;
    }

    String sentence() {
        return sentence;
    }
}
