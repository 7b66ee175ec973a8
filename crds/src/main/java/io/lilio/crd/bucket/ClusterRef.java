package io.lilio.crd.bucket;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * Names a LilioCluster.
 *
 * @param name the LilioCluster's name
 * @param namespace its namespace; absent: the LilioBucket's own. Another one has to be admitted by
 *     the cluster's {@code allowedNamespaces}
 */
@ResourcePart
public record ClusterRef(
        @Required @Size(min = 1, max = 40) @Pattern(Syntax.LABEL) String name,
        @Size(min = 1, max = Syntax.LABEL_MAX) @Pattern(Syntax.LABEL) @Nullable String namespace) {}
