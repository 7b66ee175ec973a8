package io.lilio.metadata.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.ForwardingMetadataStore;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.Txn;
import io.lilio.time.ManualTime;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sessions, marks and fences do on every store, with a clock that the test moves. */
abstract class SessionsContract {

    private final ManualTime time = new ManualTime();
    private MetadataStore below;
    private LossyStore store;
    private Sessions sessions;
    private List<Compare> belonging = List.of();

    /** An empty store whose leases end by that time. */
    abstract MetadataStore open(Time time);

    /** How a node's session lives. */
    SessionSettings settings(String node) {
        return SessionSettings.of(node, node + ":9002");
    }

    /** What is to be dead by the clock that the test has moved is so, or soon will be. */
    void expire(MetadataStore opened, LeaseId lease) {}

    @BeforeEach
    void begin() {
        below = open(time);
        store = new LossyStore(below);
        sessions = sessions("one");
    }

    @AfterEach
    void close() {
        sessions.close();
        store.close();
    }

    @Test
    void aSessionIsBornWithItsMarkAndFenceInOneTransaction() {
        Session session = sessions.current();
        assertThat(session.incarnation()).isEqualTo(store.revision());
        Marks marks = sessions.live();
        assertThat(marks.sessions()).hasSize(1);
        LiveSession live = marks.sessions().getFirst();
        assertThat(live.incarnation()).isEqualTo(session.incarnation());
        assertThat(live.node()).isEqualTo("one");
        assertThat(live.address()).isEqualTo("one:9002");
        assertThat(live.markRevision()).isEqualTo(session.incarnation());
        assertThat(live.mark()).isLessThan(session.incarnation());
    }

    @Test
    void aRequestInFlightKeepsTheMarkBackUntilItCloses() {
        InFlight request = sessions.begin();
        long trash = change();
        for (int i = 0; i < 3; i++) {
            sessions.current().publishNow();
        }
        assertThat(sessions.live().allPassed(trash)).isFalse();
        assertThat(mark()).isEqualTo(request.openingRevision());

        request.close();
        request.close();
        sessions.current().publishNow();
        assertThat(sessions.live().allPassed(trash)).isTrue();
    }

    @Test
    void theOldestRequestDecidesInWhateverOrderTheyLeave() {
        InFlight first = sessions.begin();
        sessions.current().observe(change());
        InFlight second = sessions.begin();
        sessions.current().observe(change());
        InFlight third = sessions.begin();
        assertThat(second.openingRevision()).isGreaterThan(first.openingRevision());

        second.close();
        sessions.current().publishNow();
        assertThat(mark()).isEqualTo(first.openingRevision());
        first.close();
        sessions.current().publishNow();
        assertThat(mark()).isEqualTo(third.openingRevision());
        third.close();
        assertThat(sessions.current().inFlight()).isZero();
    }

    @Test
    void passedMeansGreaterNotEqual() {
        sessions.current().publishNow();
        Marks marks = sessions.live();
        long mark = marks.sessions().getFirst().mark();
        assertThat(marks.allPassed(mark - 1)).isTrue();
        assertThat(marks.allPassed(mark)).isFalse();
        long incarnation = sessions.current().incarnation();
        assertThat(marks.ended(incarnation, mark - 1)).isTrue();
        assertThat(marks.ended(incarnation, mark)).isFalse();
        assertThat(marks.ended(1, mark)).as("a dead session").isTrue();
        assertThat(marks.ended(marks.revision() + 1, 1)).as("one not yet born").isFalse();
    }

    @Test
    void publishingPassesEverythingCommittedBefore() {
        for (int i = 0; i < 20; i++) {
            long revision = change();
            sessions.current().publishNow();
            assertThat(sessions.live().allPassed(revision)).isTrue();
        }
    }

    @Test
    void theMarksOfAnIdleStorePassEverythingAndThenComeToRest() {
        try (Sessions two = sessions("two");
                Sessions three = sessions("three")) {
            long last = change();
            for (int i = 0; i < 30; i++) {
                time.advance(Duration.ofSeconds(1));
                two.live();
            }
            long rest = store.revision();
            assertThat(three.live().allPassed(last)).isTrue();
            for (int i = 0; i < 100; i++) {
                time.advance(Duration.ofSeconds(1));
            }
            assertThat(store.revision()).as("nothing is written any more").isEqualTo(rest);

            long again = change();
            for (int i = 0; i < 10; i++) {
                time.advance(Duration.ofSeconds(1));
            }
            assertThat(sessions.live().allPassed(again)).isTrue();
        }
    }

    @Test
    void aCommitOfALiveSessionHolds() {
        try (InFlight request = sessions.begin()) {
            assertThat(commitUnder(request.guard())).isInstanceOf(CommitResult.Committed.class);
        }
    }

    @Test
    void aBumpedFenceRefusesWhatWasGuardedBeforeAndNothingElse() {
        try (InFlight request = sessions.begin()) {
            SessionGuard before = request.guard();
            sessions.current().bumpFence();

            assertThat(verdict(before)).isEqualTo(SessionGuard.Verdict.FENCE_MOVED);
            assertThat(commitUnder(request.guard())).isInstanceOf(CommitResult.Committed.class);
        }
    }

    @Test
    void anUnknownOutcomeHoldsTheMarkAlsoAfterTheRequestUntilTheFenceIsBumped() {
        InFlight request = sessions.begin();
        long later = change();
        request.holdForUnknown();
        store.unavailable.set(true);
        assertThatThrownBy(() -> sessions.current().bumpFence()).isNotNull();
        request.close();
        store.unavailable.set(false);

        sessions.current().publishNow();
        assertThat(sessions.live().allPassed(later)).isFalse();
        assertThat(sessions.current().inFlight()).isEqualTo(1);

        time.advance(Duration.ofSeconds(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(sessions.current().inFlight()).isZero();
        sessions.current().publishNow();
        assertThat(sessions.live().allPassed(later)).isTrue();
    }

    @Test
    void whatProlongsARequestHoldsTheMarkAfterItIsClosed() {
        InFlight request = sessions.begin();
        long later = change();
        Runnable over = request.prolong();
        Runnable otherOver = request.prolong();
        request.close();
        over.run();
        sessions.current().publishNow();
        assertThat(sessions.live().allPassed(later)).isFalse();
        assertThat(sessions.current().inFlight()).as("requests that clients wait for").isZero();
        assertThatThrownBy(request::prolong).isInstanceOf(IllegalStateException.class);

        otherOver.run();
        sessions.current().publishNow();
        assertThat(sessions.live().allPassed(later)).isTrue();
    }

    @Test
    void whatProlongsAnOpenRequestEndsWithoutLettingItGo() {
        try (InFlight request = sessions.begin()) {
            long later = change();
            request.prolong().run();
            sessions.current().publishNow();
            assertThat(sessions.live().allPassed(later)).isFalse();
        }
    }

    @Test
    void aBumpedFenceLetsGoOfARequestThatIsStillOpenOnlyWhenItCloses() {
        InFlight request = sessions.begin();
        long later = change();
        request.holdForUnknown();
        sessions.current().bumpFence();
        sessions.current().publishNow();
        assertThat(sessions.live().allPassed(later)).isFalse();
        request.close();
        sessions.current().publishNow();
        assertThat(sessions.live().allPassed(later)).isTrue();
    }

    @Test
    void aBumpWhoseAnswerIsLostIsFoundOut() {
        try (InFlight request = sessions.begin()) {
            SessionGuard before = request.guard();
            store.loseAnswers.set(1);
            sessions.current().bumpFence();
            assertThat(verdict(before)).isEqualTo(SessionGuard.Verdict.FENCE_MOVED);
            assertThat(commitUnder(request.guard())).isInstanceOf(CommitResult.Committed.class);

            store.loseRequests.set(1);
            SessionGuard again = request.guard();
            sessions.current().bumpFence();
            assertThat(verdict(again)).isEqualTo(SessionGuard.Verdict.FENCE_MOVED);
        }
    }

    @Test
    void aMarkWhoseAnswerIsLostIsFoundOut() {
        long first = change();
        store.loseAnswers.set(1);
        sessions.current().publishNow();
        store.loseRequests.set(1);
        sessions.current().publishNow();
        sessions.current().publishNow();
        assertThat(sessions.live().allPassed(first)).isTrue();
        assertThat(sessions.current().mark()).isEqualTo(mark());
    }

    @Test
    void whetherASessionLivesIsForTheStoreToSay() {
        Session lost = sessions.current();
        assertThat(sessions.lives(lost.incarnation())).isTrue();
        assertThat(sessions.lives(lost.incarnation() + 1)).isFalse();
        below.revokeLease(lost.lease());
        awaitDeath();
        assertThat(lost.isEnded()).as("it does not know yet").isFalse();
        assertThat(sessions.lives(lost.incarnation())).isFalse();
        assertThat(lost.isEnded()).isTrue();
    }

    @Test
    void aSessionThatIsLostCommitsNothingAndAnotherBegins() {
        Session lost = sessions.current();
        InFlight request = lost.begin();
        SessionGuard guard = request.guard();
        store.unavailable.set(true);
        for (int i = 0; i < 15; i++) {
            time.advance(Duration.ofSeconds(1));
        }
        store.unavailable.set(false);
        expire(below, lost.lease());
        awaitDeath(); // although it does not know yet
        assertThat(verdict(guard)).isEqualTo(SessionGuard.Verdict.SESSION_ENDED);
        assertThat(lost.isEnded()).isTrue();
        assertThatThrownBy(lost::begin)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(ObjectStoreException.Kind.UNAVAILABLE));
        assertThatThrownBy(request::guard).isInstanceOf(ObjectStoreException.class);
        request.close();

        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(sessions.current()).isNotSameAs(lost);
        assertThat(sessions.lives(lost.incarnation())).isFalse();
        assertThat(sessions.lives(sessions.current().incarnation())).isTrue();
        assertThat(sessions.current().incarnation()).isGreaterThan(lost.incarnation());
        assertThat(liveBelow()).hasSize(1);
        try (InFlight next = sessions.begin()) {
            assertThat(commitUnder(next.guard())).isInstanceOf(CommitResult.Committed.class);
        }
        assertThat(sessions.live().ended(lost.incarnation(), Long.MAX_VALUE)).isTrue();
    }

    @Test
    void aStoreThatIsFullIsOneToWaitFor() {
        long change = change();
        store.full.set(true);
        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(sessions.live().allPassed(change)).isFalse();
        try (InFlight request = sessions.begin()) {
            request.holdForUnknown();
            assertThatThrownBy(() -> sessions.current().bumpFence())
                    .isInstanceOf(MetadataUnavailableException.class);
        }

        store.full.set(false);
        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(sessions.live().allPassed(change)).isTrue();
        assertThat(sessions.current().inFlight()).isZero();
    }

    @Test
    void aSessionStaysAliveForLong() {
        Session session = sessions.current();
        for (int i = 0; i < 200; i++) {
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(sessions.current()).isSameAs(session);
        assertThat(session.isEnded()).isFalse();
    }

    @Test
    void closingEndsTheSessionAtOnce() {
        Sessions two = sessions("two");
        assertThat(sessions.live().sessions()).hasSize(2);
        two.close();
        assertThat(sessions.live().sessions()).extracting(LiveSession::node).containsExactly("one");
        assertThatThrownBy(two::begin).isInstanceOf(ObjectStoreException.class);
    }

    /** While requests come and go, no published mark is ever greater than one that is open. */
    @Test
    void noMarkPassesARequestInFlightHoweverTheyRace() throws Exception {
        AtomicBoolean running = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> requests = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                requests.add(
                        threads.submit(
                                () -> {
                                    while (running.get()) {
                                        try (InFlight request = sessions.begin()) {
                                            sessions.current().observe(change());
                                            assertThat(mark())
                                                    .isLessThanOrEqualTo(request.openingRevision());
                                        }
                                    }
                                }));
            }
            for (int i = 0; i < 300; i++) {
                sessions.current().publishNow();
                if (i % 50 == 0) {
                    sessions.current().bumpFence();
                }
            }
            running.set(false);
            for (Future<?> request : requests) {
                request.get();
            }
        }
        assertThat(sessions.current().inFlight()).isZero();
    }

    @Test
    void aProcessKeepsItsNameWhateverSessionsItHas() {
        long process = sessions.process();
        assertThat(process).isEqualTo(sessions.current().incarnation());
        below.revokeLease(sessions.current().lease());
        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(sessions.current().incarnation()).isGreaterThan(process);
        LiveSession live = sessions.live().sessions().getFirst();
        assertThat(live.owner().process()).isEqualTo(sessions.process()).isEqualTo(process);
    }

    /** Found by the simulation: a node that is held up between the two. */
    @Test
    void aLeaseThatEndsBeforeTheSessionIsBornIsOneToTryAgain() {
        MetadataStore hasty =
                new ForwardingMetadataStore(below) {
                    @Override
                    public LeaseId grantLease(Duration ttl) {
                        LeaseId lease = super.grantLease(ttl);
                        super.revokeLease(lease);
                        return lease;
                    }
                };
        assertThatThrownBy(
                        () -> new Sessions(hasty, settings("two"), belonging, time, new Random(1)))
                .isInstanceOf(MetadataUnavailableException.class)
                .hasMessageContaining("its lease ended before it had begun");
        assertThat(sessions.live().sessions()).hasSize(1);
    }

    @Test
    void noSessionIsOpenedInMetadataThatAreNotThoseOfThisClusterAnyMore() {
        sessions.close();
        awaitDeath();
        Bytes cluster = Bytes.ofUtf8("cluster");
        below.commit(Txn.grow().put(cluster, Bytes.ofUtf8("mine")).build());
        belonging = List.of(new Compare.ValueEquals(cluster, Bytes.ofUtf8("mine")));
        sessions = sessions("two");
        below.commit(Txn.upkeep().delete(cluster).build());
        assertThatThrownBy(() -> sessions("three"))
                .isInstanceOf(MetadataUnavailableException.class)
                .hasMessageContaining("not those of this cluster any more");
        assertThat(liveBelow()).hasSize(1);
    }

    private List<LiveSession> liveBelow() {
        return new LiveSessions(below).read().sessions();
    }

    /** A store may need a moment to remove what was under a lease. */
    private void awaitDeath() {
        while (!liveBelow().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private Sessions sessions(String node) {
        return new Sessions(store, settings(node), belonging, time, new Random(node.hashCode()));
    }

    private long mark() {
        return sessions.live().sessions().getFirst().mark();
    }

    private long change() {
        CommitResult result =
                below.commit(Txn.grow().put(Bytes.ofUtf8("h"), Bytes.empty()).build());
        return ((CommitResult.Committed) result).revision();
    }

    private CommitResult commitUnder(SessionGuard guard) {
        return below.commit(
                Txn.grow()
                        .when(guard.compares())
                        .put(Bytes.ofUtf8("h"), Bytes.empty())
                        .elseRead(guard.recordKey())
                        .elseRead(guard.fenceKey())
                        .build());
    }

    private SessionGuard.Verdict verdict(SessionGuard guard) {
        CommitResult result = commitUnder(guard);
        assertThat(result).isInstanceOf(CommitResult.Refused.class);
        var reads = ((CommitResult.Refused) result).reads();
        return guard.judge(reads.get(0), reads.get(1));
    }
}
