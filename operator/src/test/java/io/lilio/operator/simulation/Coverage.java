package io.lilio.operator.simulation;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often what happened. Not thread-safe. */
final class Coverage {

    private final SortedMap<String, Integer> counts = new TreeMap<>();

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    void add(Coverage other) {
        other.counts.forEach((what, count) -> counts.merge(what, count, Integer::sum));
    }

    /** Which of these never happened. */
    List<String> absent(List<String> wanted) {
        return wanted.stream().filter(what -> !counts.containsKey(what)).toList();
    }

    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(entry -> "%6d  %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining("\n"));
    }
}
