/**
 * Sessions: which nodes live, which requests of theirs may still read or commit what, and the proof
 * that a commit with an unknown outcome can no longer happen (DESIGN §6: watermark, unknown
 * outcome).
 *
 * <p>The rules, by the names they have in the protocol's model:
 *
 * <ul>
 *   <li>SESSION_BORN_WITH_MARK: {@link io.lilio.metadata.session.Session} writes its record, its
 *       first mark and its fence in one transaction.
 *   <li>REGISTER_BEFORE_READ: a request begins with {@link
 *       io.lilio.metadata.session.Session#begin()}, before it reads anything.
 *   <li>PASSED_IS_STRICT: {@link io.lilio.metadata.session.Marks}.
 *   <li>COMPARE_INCARNATION, FENCE: {@link io.lilio.metadata.session.SessionGuard}.
 *   <li>UNKNOWN_HOLDS_MARK: {@link io.lilio.metadata.session.InFlight#holdForUnknown()}.
 * </ul>
 */
@NullMarked
package io.lilio.metadata.session;

import org.jspecify.annotations.NullMarked;
