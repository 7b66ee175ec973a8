/** What was replaced or removed and still owns its blobs until it is swept. */
@NullMarked
package io.lilio.catalog.trash;

import org.jspecify.annotations.NullMarked;
