/** A bucket with credentials: {@link io.lilio.crd.bucket.LilioBucket} and what it is made of. */
@NullMarked
package io.lilio.crd.bucket;

import org.jspecify.annotations.NullMarked;
