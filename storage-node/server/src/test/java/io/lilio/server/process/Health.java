package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.Map;
import java.util.TreeMap;

/** What {@code /q/health} said at one moment. */
record Health(JsonObject document) {

    static Health parse(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return new Health(reader.readObject());
        }
    }

    private JsonObject check(String name) {
        return document.getJsonArray("checks").getValuesAs(JsonObject.class).stream()
                .filter(check -> check.getString("name").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no check " + name + " in " + document));
    }

    /** UP or DOWN. */
    String status(String check) {
        return check(check).getString("status");
    }

    /** What a check says besides. */
    Map<String, String> data(String check) {
        Map<String, String> data = new TreeMap<>();
        check(check)
                .getJsonObject("data")
                .forEach((name, text) -> data.put(name, ((JsonString) text).getString()));
        return data;
    }

    /** What is said of each backend. */
    Map<String, String> backends() {
        Map<String, String> backends = data("backends");
        assertThat(backends).as("backends in %s", document).isNotEmpty();
        return backends;
    }

    /** The states alone, without what else is said. */
    Map<String, String> states() {
        Map<String, String> states = backends();
        states.replaceAll((name, text) -> text.replaceFirst("(?s)[:;].*", ""));
        return states;
    }

    /** How many damaged copies are reported of each backend of which any are. */
    Map<String, Long> damaged() {
        Map<String, Long> damaged = new TreeMap<>();
        backends()
                .forEach(
                        (name, text) -> {
                            int warning = text.indexOf("damaged copies");
                            if (warning >= 0) {
                                String count = text.substring(text.indexOf(": ", warning) + 2);
                                damaged.put(name, Long.parseLong(count));
                            }
                        });
        return damaged;
    }
}
