package io.lilio.server.admin;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.lilio.server.admin.gate.AdminError;
import io.lilio.server.admin.gate.AdminException;
import java.util.List;

/** What is wrong with a JSON document, in a sentence that names the field. */
final class JsonMistake {

    private JsonMistake() {}

    static AdminException of(JacksonException malformed) {
        if (malformed instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            String field = path(mapping.getPath());
            return AdminException.field(
                    field,
                    mapping instanceof UnrecognizedPropertyException
                            ? "There is no field " + field + " in this document."
                            : "The field " + field + " holds what it may not: a wrong type.");
        }
        JsonLocation at = malformed.getLocation();
        return new AdminException(
                AdminError.BAD_REQUEST,
                at == null
                        ? "The body is no JSON document of the kind that is expected."
                        : "The body is no JSON document of the kind that is expected, at line %d, column %d."
                                .formatted(at.getLineNr(), at.getColumnNr()));
    }

    /** As {@code members[0].host}. */
    private static String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            String name = reference.getFieldName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.length() > 200 ? path.substring(0, 200) + "..." : path.toString();
    }
}
