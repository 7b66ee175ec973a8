package io.lilio.e2e;

import java.time.Duration;
import java.util.function.Supplier;

/** Waiting for what takes as long as the machine lets it take, within a bound. */
final class Await {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private Await() {}

    /** A question that is asked again and again. */
    @FunctionalInterface
    interface Question {

        /**
         * What is still missing, in words; empty when nothing is. An exception counts as an answer
         * that did not come.
         */
        String missing() throws Exception;
    }

    /** The question of something that either holds or does not. */
    static Question that(String missing, Supplier<Boolean> holds) {
        return () -> holds.get() ? "" : missing;
    }

    /**
     * Waits until nothing is missing; fails the test when something still is after the bound.
     *
     * @param what is waited for, for people
     */
    static void until(String what, Duration bound, Question question) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (true) {
            String missing = ask(question).text();
            if (missing.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "waited %s in vain until %s: %s".formatted(bound, what, missing));
            }
            pause(PAUSE);
        }
    }

    /** Fails the test when something is missing at any moment of a span of time. */
    static void always(String what, Duration span, Question question) {
        long end = System.nanoTime() + span.toNanos();
        String failure = "it was not asked";
        boolean answered = false;
        do {
            Answer answer = ask(question);
            if (answer.failed()) {
                failure = answer.text();
            } else if (answer.text().isEmpty()) {
                answered = true;
            } else {
                throw new AssertionError("%s: %s".formatted(what, answer.text()));
            }
            pause(PAUSE);
        } while (System.nanoTime() < end);
        if (!answered) {
            throw new AssertionError("nobody knows whether %s: %s".formatted(what, failure));
        }
    }

    private record Answer(String text, boolean failed) {}

    private static Answer ask(Question question) {
        try {
            return new Answer(question.missing(), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception | AssertionError e) {
            return new Answer(e.toString(), true);
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
