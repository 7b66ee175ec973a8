/** Buckets that their owner in the admin API removes with all that they hold. */
@NullMarked
package io.lilio.maintenance.remove;

import org.jspecify.annotations.NullMarked;
