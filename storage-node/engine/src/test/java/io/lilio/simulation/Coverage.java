package io.lilio.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How often each fault met each phase, and how often it happened at all. Of many runs together. */
final class Coverage {

    private final Map<Fault, Map<Phase, Long>> met = new EnumMap<>(Fault.class);
    private final Map<Fault, Long> happened = new EnumMap<>(Fault.class);

    void happened(Fault fault) {
        happened.merge(fault, 1L, Long::sum);
    }

    void met(Fault fault, Phase phase) {
        met.computeIfAbsent(fault, _ -> new EnumMap<>(Phase.class)).merge(phase, 1L, Long::sum);
    }

    long count(Fault fault, Phase phase) {
        return met.getOrDefault(fault, Map.of()).getOrDefault(phase, 0L);
    }

    long count(Fault fault) {
        return happened.getOrDefault(fault, 0L);
    }

    void add(Coverage other) {
        other.happened.forEach((fault, count) -> happened.merge(fault, count, Long::sum));
        other.met.forEach(
                (fault, phases) ->
                        phases.forEach(
                                (phase, count) ->
                                        met.computeIfAbsent(fault, _ -> new EnumMap<>(Phase.class))
                                                .merge(phase, count, Long::sum)));
    }

    /** Faults that never happened. */
    List<Fault> absent() {
        List<Fault> absent = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            if (count(fault) == 0) {
                absent.add(fault);
            }
        }
        return absent;
    }

    /** What never met although it could. */
    List<String> gaps() {
        List<String> gaps = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (Phase phase : Phase.values()) {
                if (fault.canMeet(phase) && count(fault, phase) == 0) {
                    gaps.add(fault + " in " + phase);
                }
            }
        }
        return gaps;
    }

    /** A line for each phase, a column for each fault. */
    String table() {
        var text = new StringBuilder();
        text.append("| phase |");
        for (Fault fault : Fault.values()) {
            text.append(' ').append(fault.name().toLowerCase(Locale.ROOT)).append(" |");
        }
        text.append("\n|---|").append("--:|".repeat(Fault.values().length)).append('\n');
        for (Phase phase : Phase.values()) {
            text.append("| ").append(phase.name().toLowerCase(Locale.ROOT)).append(" |");
            for (Fault fault : Fault.values()) {
                text.append(' ')
                        .append(fault.canMeet(phase) ? count(fault, phase) : "")
                        .append(" |");
            }
            text.append('\n');
        }
        text.append("| in all |");
        for (Fault fault : Fault.values()) {
            text.append(' ').append(count(fault)).append(" |");
        }
        return text.append('\n').toString();
    }
}
