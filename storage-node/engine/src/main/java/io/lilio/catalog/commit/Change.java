package io.lilio.catalog.commit;

/**
 * A change of the catalog as {@link Commits} carries it out: decided again after every conflict,
 * recognised again after a lost answer. Used by one thread, for one request.
 */
public interface Change<T> {

    /** Reads what there is and decides. The compares of the step cover all that it relied upon. */
    Step<T> decide();

    /**
     * Reads whether a step was applied. The fence has been bumped: if it was not applied before
     * this call, it never will be.
     */
    Fate fate(Step.Apply<T> sent);
}
