/**
 * Lilio's custom resources as Java: what an administrator writes ({@link
 * io.lilio.crd.cluster.LilioCluster}, {@link io.lilio.crd.bucket.LilioBucket}), what the operator
 * answers. The CustomResourceDefinitions beside this module's pom are generated from these classes,
 * and the Javadoc here is what {@code kubectl explain} tells. Fields are added, never given another
 * meaning.
 */
@NullMarked
package io.lilio.crd;

import org.jspecify.annotations.NullMarked;
