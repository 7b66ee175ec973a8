package io.lilio.metadata.session;

/**
 * A session that lived at one revision.
 *
 * @param incarnation the revision that created it: names it for ever
 * @param node the node's name
 * @param address where its peers reach it; empty when it has none
 * @param mark no request of it that is in flight began before this revision
 * @param markRevision the revision at which the mark was written
 */
public record LiveSession(
        long incarnation, String node, String address, long mark, long markRevision) {}
