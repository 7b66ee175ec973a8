package io.lilio.server.s3.http;

import java.util.List;
import java.util.Optional;

/**
 * The parameters of a query string, in the order they came. Immutable. Names and values are
 * strictly percent-decoded; a plus sign is a space.
 *
 * @param raw the query string as sent, without the question mark; empty when there was none
 * @param all the decoded parameters; a name without {@code =} has an empty value
 */
public record QueryParameters(String raw, List<Parameter> all) {

    /** One decoded parameter. */
    public record Parameter(String name, String value) {}

    /** No parameters. */
    public static final QueryParameters NONE = new QueryParameters("", List.of());

    public QueryParameters {
        all = List.copyOf(all);
    }

    /** The value of the first parameter of this name. Names are case-sensitive. */
    public Optional<String> first(String name) {
        for (Parameter parameter : all) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    /** Whether a parameter of this name is there, with or without a value. */
    public boolean has(String name) {
        for (Parameter parameter : all) {
            if (parameter.name().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
