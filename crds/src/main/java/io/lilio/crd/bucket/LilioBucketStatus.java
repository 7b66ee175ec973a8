package io.lilio.crd.bucket;

import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.Condition;
import io.lilio.crd.schema.Keyed;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator has seen of the bucket.
 *
 * @param endpoint where clients inside Kubernetes reach it
 * @param secret name of the Secret with its credentials
 * @param objects objects in it, older versions included; some minutes old
 * @param bytes their size, in bytes, one copy of each counted; some minutes old
 * @param conditions how the bucket fares, one condition of each type
 */
@ResourcePart
public record LilioBucketStatus(
        @Size(max = Syntax.URL_MAX) @Pattern(Syntax.URL) @Nullable String endpoint,
        @Size(max = Syntax.SUBDOMAIN_MAX) @Pattern(Syntax.SUBDOMAIN) @Nullable String secret,
        @Min(0) @Nullable Long objects,
        @Min(0) @Nullable Long bytes,
        @Keyed("type") @Size(max = 16) List<Condition> conditions) {

    public LilioBucketStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
