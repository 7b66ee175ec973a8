package io.lilio.replication;

import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Many alarms on few timers. Nearly every alarm is switched off before it rings, tens of thousands
 * a second; a timer for each would wake the timer's thread each time. So alarms are linked in a
 * list, which is looked through when the earliest is due and no more often than the resolution.
 * Alarms ring late by up to the resolution, never early. Nothing is scheduled while no alarm is
 * set. Thread-safe.
 */
final class AlarmClock {

    private final Time time;
    private final long resolutionNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Alarm first;
    private @Nullable Alarm last;
    private Time.@Nullable Cancellable tick;
    private long tickNanos;

    AlarmClock(Time time, Duration resolution) {
        this.time = time;
        this.resolutionNanos = resolution.toNanos();
    }

    /** Sets an alarm that is not set. */
    void set(Alarm alarm, long delayNanos) {
        long now = time.nanos();
        lock.lock();
        try {
            alarm.dueNanos = now + delayNanos;
            alarm.set = true;
            alarm.previous = last;
            if (last == null) {
                first = alarm;
            } else {
                last.next = alarm;
            }
            last = alarm;
            if (tick == null || alarm.dueNanos - tickNanos < -resolutionNanos) {
                schedule(now, alarm.dueNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Switches an alarm off; it may be ringing just now. */
    void off(Alarm alarm) {
        lock.lock();
        try {
            if (alarm.set) {
                unlink(alarm);
            }
        } finally {
            lock.unlock();
        }
    }

    private void schedule(long now, long dueNanos) {
        if (tick != null) {
            tick.cancel();
        }
        long delay = Math.max(resolutionNanos, dueNanos - now);
        tickNanos = now + delay;
        tick = time.schedule(Duration.ofNanos(delay), this::tick);
    }

    private void tick() {
        for (Alarm alarm : takeDue()) {
            alarm.ring();
        }
    }

    private List<Alarm> takeDue() {
        long now = time.nanos();
        List<Alarm> due = new ArrayList<>();
        lock.lock();
        try {
            long earliestDelay = Long.MAX_VALUE;
            Alarm alarm = first;
            while (alarm != null) {
                Alarm following = alarm.next;
                long delay = alarm.dueNanos - now;
                if (delay <= 0) {
                    unlink(alarm);
                    due.add(alarm);
                } else {
                    earliestDelay = Math.min(earliestDelay, delay);
                }
                alarm = following;
            }
            tick = null;
            if (first != null) {
                schedule(now, now + earliestDelay);
            }
        } finally {
            lock.unlock();
        }
        return due;
    }

    private void unlink(Alarm alarm) {
        if (alarm.previous == null) {
            first = alarm.next;
        } else {
            alarm.previous.next = alarm.next;
        }
        if (alarm.next == null) {
            last = alarm.previous;
        } else {
            alarm.next.previous = alarm.previous;
        }
        alarm.previous = null;
        alarm.next = null;
        alarm.set = false;
    }
}
