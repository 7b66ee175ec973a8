package io.lilio.operator.admin;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fields that a record cannot be without: those that are not {@link Nullable}. JSON knows nothing
 * of that, and an absent one is null.
 */
final class RequiredFields {

    private RequiredFields() {}

    /** Where the first one is missing, such as {@code .members[2].id}; empty when none is. */
    static Optional<String> missing(Object document) {
        return Optional.ofNullable(find(document, ""));
    }

    private static @Nullable String find(@Nullable Object value, String path) {
        return switch (value) {
            case null -> path;
            case Record fields -> in(fields, path);
            case List<?> elements -> {
                String missing = null;
                for (int i = 0; i < elements.size() && missing == null; i++) {
                    missing = find(elements.get(i), path + "[" + i + "]");
                }
                yield missing;
            }
            case Map<?, ?> entries -> {
                String missing = null;
                for (Map.Entry<?, ?> entry : entries.entrySet()) {
                    missing =
                            missing == null
                                    ? find(entry.getValue(), path + "." + entry.getKey())
                                    : missing;
                }
                yield missing;
            }
            default -> null;
        };
    }

    private static @Nullable String in(Record fields, String path) {
        for (RecordComponent field : fields.getClass().getRecordComponents()) {
            Object value = value(fields, field);
            if (value != null || !field.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                String missing = find(value, path + "." + field.getName());
                if (missing != null) {
                    return missing;
                }
            }
        }
        return null;
    }

    private static @Nullable Object value(Record fields, RecordComponent field) {
        try {
            return field.getAccessor().invoke(fields);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
