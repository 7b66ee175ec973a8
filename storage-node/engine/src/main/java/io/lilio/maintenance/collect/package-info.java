/** What deletes chunks that nobody owns (any more): trash, orphans, the full collection. */
@NullMarked
package io.lilio.maintenance.collect;

import org.jspecify.annotations.NullMarked;
