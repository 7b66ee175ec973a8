package io.lilio.crd.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.lilio.crd.schema.OpenEnum;
import io.lilio.crd.schema.ResourcePart;
import org.jspecify.annotations.Nullable;

/**
 * How many copies of the data there are, and how many of them a write and a read have to hear from.
 *
 * @param factor N, copies of everything; fixed when the cluster is made
 * @param writeQuorum W, copies that are durable before a write is acknowledged. Absent: more than
 *     half of N. With 1 of several copies, losing one disk may lose what was acknowledged
 * @param readQuorum R, copies that have to agree before an object counts as absent. Absent: N − W +
 *     1. W + R has to exceed N
 * @param spread what copies are spread over first: {@code zone} takes different zones before
 *     different hosts, {@code host} looks at hosts alone
 */
@ResourcePart
@ValidationRule(
        value = "!has(self.writeQuorum) || self.writeQuorum <= self.factor",
        message =
                "replication.writeQuorum cannot be greater than replication.factor, since no write"
                        + " would ever succeed: set a smaller one, or leave it out")
@ValidationRule(
        value = "!has(self.readQuorum) || self.readQuorum <= self.factor",
        message =
                "replication.readQuorum cannot be greater than replication.factor, since no read"
                        + " would ever succeed: set a smaller one, or leave it out")
@ValidationRule(
        value =
                "!has(self.readQuorum) || self.readQuorum +"
                        + " (has(self.writeQuorum) ? self.writeQuorum : self.factor / 2 + 1)"
                        + " > self.factor",
        message =
                "replication.writeQuorum (more than half of the factor unless set) plus"
                        + " replication.readQuorum has to be greater than replication.factor, else a"
                        + " read may miss what was written: raise one of them, or leave both out")
public record ReplicationSpec(
        @Default("3") @Min(1) @Max(MAX_FACTOR) int factor,
        @Min(1) @Max(MAX_FACTOR) @Nullable Integer writeQuorum,
        @Min(1) @Max(MAX_FACTOR) @Nullable Integer readQuorum,
        @Default("zone") @OpenEnum Spread spread) {

    /** The largest factor that a placement table can hold. */
    public static final int MAX_FACTOR = 32;

    /** What copies are spread over first, as far as enough of it exist. */
    public enum Spread {
        /** Different hosts. */
        @JsonProperty("host")
        HOST,
        /** Different zones, then different hosts. */
        @JsonProperty("zone")
        ZONE
    }
}
