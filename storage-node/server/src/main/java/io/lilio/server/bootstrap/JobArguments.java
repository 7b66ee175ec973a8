package io.lilio.server.bootstrap;

import io.lilio.maintenance.run.RunIds;
import io.lilio.maintenance.run.TaskKind;

/**
 * What a process that carries out one run is started with: {@code job KIND --operation ID
 * [--max-bytes-per-second N]}.
 *
 * @param kind one that has a record
 * @param operation the run's id
 * @param maxBytesPerSecond payload that it reads or copies at most; 0: as the run was asked for
 */
record JobArguments(TaskKind kind, String operation, long maxBytesPerSecond) {

    private static final long LEAST_RATE = 64L << 10;

    private static final String USAGE =
            """
            Usage:
              lilio-server                    serve, until SIGTERM
              lilio-server job rebalance|repair|scrub|gc --operation ID [--max-bytes-per-second N]
                                              carry out one run and end""";

    /** Arguments that mean nothing; the message says so and how it is done. */
    static final class WrongException extends RuntimeException {
        WrongException(String sentence) {
            super(sentence + "\n" + USAGE, null, true, false);
        }
    }

    /**
     * @throws WrongException when they are none
     */
    static JobArguments parse(String... arguments) {
        if (arguments.length < 2 || !arguments[0].equals("job")) {
            throw new WrongException("What is to be done is not understood.");
        }
        TaskKind kind = kind(arguments[1]);
        String operation = "";
        long rate = 0;
        for (int i = 2; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new WrongException(arguments[i] + " needs a value.");
            }
            switch (arguments[i]) {
                case "--operation" -> operation = arguments[i + 1];
                case "--max-bytes-per-second" -> rate = rate(arguments[i + 1]);
                default -> throw new WrongException("There is no option " + arguments[i] + ".");
            }
        }
        if (!RunIds.allow(operation)) {
            throw new WrongException("--operation has to be given: " + RunIds.RULE + ".");
        }
        return new JobArguments(kind, operation, rate);
    }

    private static TaskKind kind(String text) {
        for (TaskKind kind : TaskKind.values()) {
            if (kind.recorded() && kind.id().equals(text)) {
                return kind;
            }
        }
        throw new WrongException("There is no job \"" + text + "\".");
    }

    private static long rate(String text) {
        try {
            long rate = Long.parseLong(text);
            if (rate >= LEAST_RATE) {
                return rate;
            }
        } catch (NumberFormatException notANumber) {
            // Told below.
        }
        throw new WrongException(
                "--max-bytes-per-second is " + LEAST_RATE + " or more, not \"" + text + "\".");
    }
}
