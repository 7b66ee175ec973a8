package io.lilio.maintenance.run;

/** A run is not asked for: too many of its kind wait to be taken up. Nothing has changed. */
public final class TooManyRunsException extends IllegalStateException {

    TooManyRunsException(TaskKind kind, int waiting) {
        super(
                "%d runs of %s wait to be taken up already: have them carried out, or cancel them"
                        .formatted(waiting, kind.id()));
    }
}
