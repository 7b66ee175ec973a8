/** What members do by themselves when a changed ring takes partitions from them. */
@NullMarked
package io.lilio.maintenance.drop;

import org.jspecify.annotations.NullMarked;
