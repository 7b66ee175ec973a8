package io.lilio.server.s3.http;

import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The headers of a request. Immutable. Names compare without regard to case and are kept in lower
 * case; values keep the bytes that were sent, one char per byte (ISO 8859-1).
 */
public final class RequestHeaders {

    /** No headers. */
    public static final RequestHeaders NONE = new RequestHeaders(new String[0]);

    private final String[] namesAndValues;

    private RequestHeaders(String[] namesAndValues) {
        this.namesAndValues = namesAndValues;
    }

    /** From name, value, name, value. */
    public static RequestHeaders of(String... namesAndValues) {
        String[] copy = namesAndValues.clone();
        for (int i = 0; i < copy.length; i += 2) {
            copy[i] = copy[i].toLowerCase(Locale.ROOT);
        }
        return new RequestHeaders(copy);
    }

    /** From what Vert.x has parsed. */
    public static RequestHeaders from(MultiMap headers) {
        List<String> lines = new ArrayList<>(32);
        for (Map.Entry<String, String> line : headers) {
            lines.add(line.getKey().toLowerCase(Locale.ROOT));
            lines.add(line.getValue());
        }
        return new RequestHeaders(lines.toArray(String[]::new));
    }

    /** The same headers and one more at their end. */
    public RequestHeaders with(String name, String value) {
        String[] more = Arrays.copyOf(namesAndValues, namesAndValues.length + 2);
        more[namesAndValues.length] = name.toLowerCase(Locale.ROOT);
        more[namesAndValues.length + 1] = value;
        return new RequestHeaders(more);
    }

    /** The first value of a header. */
    public Optional<String> first(String name) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].equalsIgnoreCase(name)) {
                return Optional.of(namesAndValues[i + 1]);
            }
        }
        return Optional.empty();
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** All values of a header in the order they came. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i].equalsIgnoreCase(name)) {
                values.add(namesAndValues[i + 1]);
            }
        }
        return values;
    }

    /** The names that occur, in lower case and in order. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        forEach((name, value) -> names.add(name));
        return names;
    }

    /** Calls back for every header line: name in lower case, value. */
    public void forEach(BiConsumer<String, String> consumer) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            consumer.accept(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    /** Header lines, repetitions included. */
    public int size() {
        return namesAndValues.length / 2;
    }
}
