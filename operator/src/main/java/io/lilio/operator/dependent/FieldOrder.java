package io.lilio.operator.dependent;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** The one order of fields in which documents are written, so that equal ones have equal texts. */
final class FieldOrder {

    private FieldOrder() {}

    /**
     * A document with the fields of all its objects by name.
     *
     * @param value maps, lists, texts, numbers, and never null
     */
    static Object of(Object value) {
        return switch (value) {
            case Map<?, ?> fields -> {
                SortedMap<String, Object> sorted = new TreeMap<>();
                fields.forEach(
                        (name, each) ->
                                sorted.put(
                                        Objects.toString(name), of(Objects.requireNonNull(each))));
                yield sorted;
            }
            case List<?> items -> items.stream().map(FieldOrder::of).toList();
            default -> value;
        };
    }
}
