package io.lilio.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Members and rings for tests, each from a seed. */
final class Rings {

    static final Replication THREE_TWO_TWO =
            new Replication(3, 2, 2, Replication.Spread.ZONE, false);

    private Rings() {}

    /** Not {@link java.util.Random}, which begins alike for seeds that are near each other. */
    static RandomGenerator seeded(long seed) {
        return new SplittableRandom(seed);
    }

    static Member member(RandomGenerator random, String host, String zone) {
        var id = new MemberId(new UUID(random.nextLong(), random.nextLong()));
        return new Member(id, "b-" + id, "n-" + host, host, zone, 1, MemberState.ACTIVE);
    }

    /** Each on a host of its own, all in one zone. */
    static List<Member> alone(RandomGenerator random, int count) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            members.add(member(random, "host-" + i, ""));
        }
        return members;
    }

    static Ring ring(List<Member> members) {
        return Ring.create(Partitioning.DEFAULT, THREE_TWO_TWO, members);
    }

    static Member in(Ring ring, MemberId id) {
        return ring.member(id).orElseThrow();
    }
}
