package io.lilio.admin.api;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Some buckets, in order of their names.
 *
 * @param buckets at most as many as asked for
 * @param next what to ask for next as {@code after}; absent on the last page
 */
@Schema(requiredProperties = {"buckets"})
public record BucketPage(List<BucketStatus> buckets, @Nullable String next) {

    public BucketPage {
        buckets = List.copyOf(buckets);
    }
}
