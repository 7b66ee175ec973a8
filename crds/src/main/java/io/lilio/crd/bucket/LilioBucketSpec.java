package io.lilio.crd.bucket;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import org.jspecify.annotations.Nullable;

/**
 * What the bucket is to be.
 *
 * @param clusterRef the LilioCluster that has it; cannot be changed
 * @param bucketName the bucket's name, by S3's rules; cannot be changed. Absent: the LilioBucket's
 *     own
 * @param adoptExisting whether a bucket of that name that is there already, and that no LilioBucket
 *     owns, is taken over with all that is in it. Otherwise it stays as it is, and the condition
 *     Ready says so
 * @param versioning whether overwritten and deleted objects stay as versions. Absent: it is left as
 *     it is, which is off in a new bucket
 * @param deletionPolicy what becomes of the bucket when the LilioBucket is deleted: {@code Retain}
 *     keeps it, {@code DeleteIfEmpty} deletes it when it holds nothing and else waits, {@code
 *     DeleteAll} deletes it with all that is in it
 * @param credentials the access key that opens this bucket and no other
 */
@ResourcePart
@ValidationRule(
        value =
                "self.clusterRef.name == oldSelf.clusterRef.name &&"
                        + " has(self.clusterRef.__namespace__) =="
                        + " has(oldSelf.clusterRef.__namespace__) &&"
                        + " (!has(self.clusterRef.__namespace__) ||"
                        + " self.clusterRef.__namespace__ == oldSelf.clusterRef.__namespace__)",
        message =
                "clusterRef cannot be changed, as a bucket does not move: put the former one back,"
                        + " or make another LilioBucket and copy the objects")
public record LilioBucketSpec(
        @Required ClusterRef clusterRef,
        @Size(min = 3, max = 63) @Nullable String bucketName,
        @Default("false") boolean adoptExisting,
        @OpenEnum @Nullable Versioning versioning,
        @Default("Retain") @OpenEnum DeletionPolicy deletionPolicy,
        @Default("{}") CredentialsSpec credentials) {

    /** Whether overwritten and deleted objects stay as versions. */
    public enum Versioning {
        /** They do. */
        @JsonProperty("Enabled")
        ENABLED,
        /** New ones do not; versions that there are stay. */
        @JsonProperty("Suspended")
        SUSPENDED
    }

    /** What becomes of the bucket when the LilioBucket is deleted. */
    public enum DeletionPolicy {
        /** It is kept. */
        @JsonProperty("Retain")
        RETAIN,
        /** It is deleted when it holds nothing. */
        @JsonProperty("DeleteIfEmpty")
        DELETE_IF_EMPTY,
        /** It is deleted with all that is in it. */
        @JsonProperty("DeleteAll")
        DELETE_ALL
    }
}
