package io.lilio.metadata.session;

import io.lilio.metadata.LeaseId;

/**
 * The transaction that created a session.
 *
 * @param keys its keys
 * @param lease under which they are
 * @param incarnation the transaction's revision
 * @param mark the first mark, a revision from before
 */
record Birth(SessionKeys keys, LeaseId lease, long incarnation, long mark) {}
