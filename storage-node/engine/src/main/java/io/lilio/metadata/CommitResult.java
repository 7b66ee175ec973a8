package io.lilio.metadata;

/** How a transaction ended. */
public sealed interface CommitResult {

    /** Applied, and durable. */
    record Committed(long revision) implements CommitResult {}

    /**
     * A compare did not hold; nothing was written. The else reads were made at the revision of that
     * decision.
     */
    record Refused(ReadResult reads) implements CommitResult {}

    /** It may have been applied, or may yet be: the answer was lost (DESIGN §6). */
    record Unknown(Throwable cause) implements CommitResult {}
}
