package io.lilio.replication;

import io.lilio.placement.MemberId;
import java.util.List;

/**
 * Who has answered a chunk write, and how.
 *
 * @param acked have it durably
 * @param failed refused, failed, could not be asked or exceeded their deadline: may have it or not
 * @param open have not answered yet
 */
public record WriteOutcome(List<MemberId> acked, List<MemberId> failed, List<MemberId> open) {}
