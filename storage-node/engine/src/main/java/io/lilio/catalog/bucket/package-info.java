/** Buckets: names, identity, versioning, and a cache that is proven by every read that uses it. */
@NullMarked
package io.lilio.catalog.bucket;

import org.jspecify.annotations.NullMarked;
