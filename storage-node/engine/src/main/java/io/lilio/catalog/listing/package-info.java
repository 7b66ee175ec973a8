/** Listings of objects, versions and uploads that seek over what they do not show. */
@NullMarked
package io.lilio.catalog.listing;

import org.jspecify.annotations.NullMarked;
