package io.lilio.catalog.upload;

import io.lilio.metadata.Bytes;
import java.time.Instant;

/**
 * Says that a Complete is at work.
 *
 * @param tag random, one for each attempt
 * @param sessionKey the record of the session at work
 * @param incarnation the revision that created it
 * @param since for courtesy towards the one at work, never for safety
 */
record Seal(long tag, Bytes sessionKey, long incarnation, Instant since) {}
