/** The ring document in the metadata: stored, compared and set, watched. */
@NullMarked
package io.lilio.catalog.ring;

import org.jspecify.annotations.NullMarked;
