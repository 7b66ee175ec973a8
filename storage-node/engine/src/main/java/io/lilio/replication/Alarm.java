package io.lilio.replication;

import org.jspecify.annotations.Nullable;

/** Something to be done when too much time has passed: an element of an {@link AlarmClock}. */
abstract class Alarm {

    // Guarded by the clock's lock.
    @Nullable Alarm previous;
    @Nullable Alarm next;
    long dueNanos;
    boolean set;

    /** Too much time has passed. Called without any lock; quick. */
    protected abstract void ring();
}
