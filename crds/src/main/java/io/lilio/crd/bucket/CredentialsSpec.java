package io.lilio.crd.bucket;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * The access key of a bucket.
 *
 * @param secretName the Secret that the operator writes endpoint, keys, region and bucket into.
 *     Absent: the LilioBucket's own name
 * @param role what the key may do with the bucket
 */
@ResourcePart
public record CredentialsSpec(
        @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) @Pattern(Syntax.SUBDOMAIN)
                @Nullable String secretName,
        @Default("read-write") @OpenEnum Role role) {

    /** What an access key may do with its bucket. */
    public enum Role {
        /** Read objects and list them. */
        @JsonProperty("read-only")
        READ_ONLY,
        /** Read, list, write and delete objects. */
        @JsonProperty("read-write")
        READ_WRITE
    }
}
