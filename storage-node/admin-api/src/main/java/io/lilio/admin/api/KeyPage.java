package io.lilio.admin.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Some access keys, in order of their ids.
 *
 * @param keys at most as many as asked for
 * @param next what to ask for next as {@code after}; absent on the last page
 */
@Schema(requiredProperties = {"keys"})
public record KeyPage(List<KeyStatus> keys, @Nullable String next) {

    public KeyPage {
        keys = List.copyOf(keys);
    }
}
