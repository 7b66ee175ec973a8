/** Access keys other than root: roles, buckets, sealed secrets. */
@NullMarked
package io.lilio.catalog.access;

import org.jspecify.annotations.NullMarked;
