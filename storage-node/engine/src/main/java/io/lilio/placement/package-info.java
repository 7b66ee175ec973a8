/**
 * The hash ring as pure functions: members, virtual nodes, partitions, tables and epochs. No I/O,
 * no clock.
 */
@NullMarked
package io.lilio.placement;

import org.jspecify.annotations.NullMarked;
