/**
 * Quorum write and read of chunks over members: early exit, rollback, hedging, read repair,
 * confirmation.
 */
@NullMarked
package io.lilio.replication;

import org.jspecify.annotations.NullMarked;
