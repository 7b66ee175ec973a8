package io.lilio.admin.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Some of what may be lost together with members. Where a chunk lies tells so, and not a look at
 * the members that would remain: it may still have a copy.
 *
 * @param partitions of the ring, in which no copy of some chunks may remain
 * @param objects at most as many as asked for, and fewer where many records were looked at
 * @param next what to ask for next as {@code after}; absent when everything was looked at
 */
@Schema(requiredProperties = {"partitions", "objects"})
public record LossPage(int partitions, List<ObjectAtRisk> objects, @Nullable String next) {

    public LossPage {
        objects = List.copyOf(objects);
    }
}
