/**
 * The admin API of storage nodes as the operator calls it: its JAX-RS interfaces, signed with the
 * cluster's root key, at whichever node answers. And the membership of managed etcds, by their own
 * API.
 */
@NullMarked
package io.lilio.operator.admin;

import org.jspecify.annotations.NullMarked;
