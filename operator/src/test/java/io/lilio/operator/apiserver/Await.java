package io.lilio.operator.apiserver;

import java.time.Duration;

/** Waiting for what takes as long as the machine lets it take, within a bound. */
final class Await {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private Await() {}

    /** A question that is asked again and again. */
    @FunctionalInterface
    interface Question {

        /** What is still missing, in words; empty when nothing is. */
        String missing();
    }

    /** What is missing now. An exception is an answer that did not come. */
    static String ask(Question question) {
        try {
            return question.missing();
        } catch (RuntimeException e) {
            return "no answer: " + e;
        }
    }

    /**
     * Waits until nothing is missing; fails the test when something still is after the bound.
     *
     * @param what is waited for, for people
     */
    static void until(String what, Duration bound, Question question) {
        long deadline = System.nanoTime() + bound.toNanos();
        String missing = ask(question);
        while (!missing.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "waited %s in vain until %s: %s".formatted(bound, what, missing));
            }
            pause(PAUSE);
            missing = ask(question);
        }
    }

    /** Fails the test when something is missing at any moment of a span of time. */
    static void always(String what, Duration span, Question question) {
        long end = System.nanoTime() + span.toNanos();
        while (System.nanoTime() < end) {
            String missing = question.missing();
            if (!missing.isEmpty()) {
                throw new AssertionError("%s, but then: %s".formatted(what, missing));
            }
            pause(PAUSE);
        }
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
