package io.lilio.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * A process of the simulation: threads that live and die together. One that is killed takes no more
 * steps; one that is frozen takes them when it is thawed.
 */
final class SimulatedProcess {

    private enum State {
        RUNNING,
        FROZEN,
        DEAD
    }

    private final Scheduler scheduler;
    private final String name;
    private final SimulatedTime time;
    private final List<Runnable> held = new ArrayList<>();
    private State state = State.RUNNING;

    SimulatedProcess(Scheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
        this.time = new SimulatedTime(scheduler, this);
    }

    String name() {
        return name;
    }

    SimulatedTime time() {
        return time;
    }

    ThreadFactory threads() {
        return task -> scheduler.newThread(this, task);
    }

    /** Starts a thread that is about nothing in particular. */
    void start(Runnable task) {
        threads().newThread(task).start();
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    boolean isDead() {
        return state == State.DEAD;
    }

    void perform(Runnable action) {
        switch (state) {
            case RUNNING -> action.run();
            case FROZEN -> held.add(action);
            case DEAD -> {}
        }
    }

    void kill() {
        state = State.DEAD;
        held.clear();
    }

    void freeze() {
        if (state == State.RUNNING) {
            state = State.FROZEN;
        }
    }

    void thaw() {
        if (state == State.FROZEN) {
            state = State.RUNNING;
            scheduler.resume(this, List.copyOf(held));
            held.clear();
        }
    }
}
