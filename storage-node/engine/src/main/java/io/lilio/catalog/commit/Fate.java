package io.lilio.catalog.commit;

/** What became of a transaction whose answer was lost, judged after the fence was bumped. */
public enum Fate {
    APPLIED,
    /** Certainly not, and never will be. */
    NOT_APPLIED,
    /** It may have been applied and undone by others since. An absent record proves nothing. */
    UNPROVEN
}
