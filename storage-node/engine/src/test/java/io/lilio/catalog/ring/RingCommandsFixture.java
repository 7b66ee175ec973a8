package io.lilio.catalog.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.ring.RingCommandRefused.Reason;
import io.lilio.chunk.BackendException;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.placement.EndedOperation.Outcome;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.time.SystemTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A ring of three members and a fourth that has announced itself, and short words for it. */
abstract class RingCommandsFixture {

    static final Replication THREE = new Replication(3, 2, 2, Replication.Spread.HOST, false);

    final SystemTime time = new SystemTime();
    final MetadataStore metadata = new MemoryMetadataStore(time);
    final RingStore store = new RingStore(metadata);
    final Backends backends = new Backends();
    final RingCommands commands = new RingCommands(store, backends);
    private int intents;

    /** Members that are as a test wants them. */
    static final class Backends implements RingBackends {
        final Set<MemberId> away = new HashSet<>();
        final Set<MemberId> refilling = new HashSet<>();
        final Map<MemberId, MemberSpace> spaces = new HashMap<>();
        final List<MemberId> marked = new ArrayList<>();

        @Override
        public boolean reachable(MemberId member) {
            return !away.contains(member);
        }

        @Override
        public boolean lacksNothing(MemberId member) {
            return reachable(member) && !refilling.contains(member);
        }

        @Override
        public Optional<MemberSpace> space(MemberId member) {
            return Optional.ofNullable(spaces.get(member));
        }

        @Override
        public void markAllUnconfirmed(MemberId member) {
            if (away.contains(member)) {
                throw new BackendException(BackendException.Reason.IO, "away", null);
            }
            marked.add(member);
        }
    }

    @BeforeEach
    void found() {
        store.create(
                new UUID(1, 1),
                Ring.create(Partitioning.of(64), THREE, List.of(member(1), member(2), member(3))));
        for (int i = 1; i <= 9; i++) {
            backends.spaces.put(id(i), new MemberSpace(6_400, 1_000_000));
        }
        commands.announce(member(4));
    }

    @AfterEach
    void close() {
        metadata.close();
        time.close();
    }

    static RingCommandRefused refused(Reason reason, ThrowingCallable command) {
        RingCommandRefused[] refused = new RingCommandRefused[1];
        assertThatThrownBy(command)
                .isInstanceOfSatisfying(
                        RingCommandRefused.class,
                        e -> {
                            assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
                            refused[0] = e;
                        });
        return refused[0];
    }

    /** As a mover does when all is moved. */
    void end() {
        settleAll();
        Ring ring = ring();
        replace(ring, ring.withOperationEnded(Outcome.DONE));
    }

    void replace(Ring current, Ring next) {
        assertThat(store.replace(current, next)).isPresent();
    }

    void settleAll() {
        RingView view = store.load().orElseThrow();
        for (int partition = 0; partition < view.partitions(); partition++) {
            store.settle(List.of(partition), view);
        }
    }

    Ring ring() {
        return store.load().orElseThrow().ring();
    }

    Intent intent() {
        return new Intent(new UUID(8, ++intents), ring().epoch());
    }

    RingChange admit(int... numbers) {
        return admit(intent(), numbers);
    }

    RingChange admit(Intent intent, int... numbers) {
        return commands.admit(
                intent, Arrays.stream(numbers).mapToObj(n -> MemberPlace.of(id(n))).toList());
    }

    RingChange drain(int number) {
        return commands.drain(intent(), List.of(id(number)));
    }

    RingChange remove(int number) {
        return commands.remove(intent(), List.of(id(number)));
    }

    static List<MemberState> states(Ring ring, int... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> ring.member(id(number)).orElseThrow().state())
                .toList();
    }

    static MemberId id(int number) {
        return new MemberId(new UUID(number * 0x9E3779B97F4A7C15L, number));
    }

    static Member member(int number) {
        return new Member(
                id(number), "disk", "node-" + number, "host-" + number, "", 1, MemberState.ACTIVE);
    }
}
