/**
 * What the operator asks of Kubernetes, as one narrow interface: live reads, server-side apply, and
 * the few acts that cannot be undone, each with the preconditions that make a stale or second
 * operator harmless (DESIGN §13, rules 3, 6 and 11).
 */
@NullMarked
package io.lilio.operator.kube;

import org.jspecify.annotations.NullMarked;
