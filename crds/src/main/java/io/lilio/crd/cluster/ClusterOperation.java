package io.lilio.crd.cluster;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the operator is about: one at a time, written down here before its first side effect.
 *
 * @param id names it, here and in the ring
 * @param type what it is for
 * @param phase how far it is, as one word
 * @param target what it is about: a number of replicas, a version, a pod or a member
 * @param startedAt when it was begun
 * @param progress share of its present phase that is done, in percent, rounded
 */
@ResourcePart
public record ClusterOperation(
        @Required @Size(min = Syntax.UUID_LENGTH, max = Syntax.UUID_LENGTH) @Pattern(Syntax.UUID)
                String id,
        @Required Type type,
        @Required @Size(min = 1, max = Syntax.WORD_MAX) @Pattern(Syntax.WORD) String phase,
        @Size(max = Syntax.SUBDOMAIN_MAX) @Nullable String target,
        @Required @JsonFormat(shape = JsonFormat.Shape.STRING) Instant startedAt,
        @Min(0) @Max(100) @Nullable Integer progress) {

    /** What an operation is for. */
    public enum Type {
        /** New storage nodes join. */
        @JsonProperty("ScaleUp")
        SCALE_UP,
        /** The highest storage node is drained and removed. */
        @JsonProperty("ScaleDown")
        SCALE_DOWN,
        /** Storage nodes are restarted with another version or pod template. */
        @JsonProperty("Upgrade")
        UPGRADE,
        /** What lost members held is copied anew. */
        @JsonProperty("Repair")
        REPAIR,
        /** A member that fails gives way to a new one. */
        @JsonProperty("Replace")
        REPLACE
    }
}
