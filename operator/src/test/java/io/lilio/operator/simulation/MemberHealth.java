package io.lilio.operator.simulation;

import java.util.UUID;

/** What members are capable of, as a ring asks before it changes. */
interface MemberHealth {

    boolean isReachable(UUID member);

    boolean lacksNothing(UUID member);

    boolean hasRoom(UUID member);
}
