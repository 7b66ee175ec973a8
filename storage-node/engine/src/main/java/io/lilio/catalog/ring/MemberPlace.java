package io.lilio.catalog.ring;

import io.lilio.placement.MemberId;
import java.util.Optional;

/**
 * A member, and where it is as far as whoever asks for a change knows.
 *
 * @param member who
 * @param host the machine that it is on; empty: what is known of it stays
 * @param zone the failure zone, the same
 */
public record MemberPlace(MemberId member, Optional<String> host, Optional<String> zone) {

    /** Where it is said to be already. */
    public static MemberPlace of(MemberId member) {
        return new MemberPlace(member, Optional.empty(), Optional.empty());
    }
}
