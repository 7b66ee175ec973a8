package io.lilio.catalog.ring;

import io.lilio.placement.MemberId;
import java.util.Optional;

/**
 * A member that is to be admitted.
 *
 * @param member who has announced itself
 * @param host the machine that it is on, when it is known better than the node knows it
 * @param zone the failure zone, the same
 */
public record Admission(MemberId member, Optional<String> host, Optional<String> zone) {

    /** As it announced itself. */
    public static Admission of(MemberId member) {
        return new Admission(member, Optional.empty(), Optional.empty());
    }
}
