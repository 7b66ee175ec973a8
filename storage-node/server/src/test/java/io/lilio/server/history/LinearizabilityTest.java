package io.lilio.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.history.Operation.Read;
import io.lilio.server.history.Operation.RefusedIf;
import io.lilio.server.history.Operation.Write;
import io.lilio.server.history.Operation.WriteIf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The checker itself: what it has to accept, and what it must not. */
class LinearizabilityTest {

    private final List<Operation> history = new ArrayList<>();

    @Test
    void readsMaySeeEitherSideOfAConcurrentWrite() {
        add(0, 10, new Write("a"));
        add(20, 40, new Write("b"));
        add(25, 30, new Read("a"));
        add(31, 35, new Read("b"));
        assertLinearizable();
    }

    @Test
    void aReadMustNotGoBackToAnOlderValue() {
        add(0, 10, new Write("a"));
        add(20, 40, new Write("b"));
        add(25, 30, new Read("b"));
        add(31, 35, new Read("a"));
        assertViolated();
    }

    @Test
    void aReadAfterAnAcknowledgedDeleteMustNotFindTheObject() {
        add(0, 10, new Write("a"));
        add(20, 30, new Write(Operation.ABSENT));
        add(31, 35, new Read("a"));
        assertViolated();
    }

    @Test
    void anUnknownWriteMayTakeEffectLateOrNever() {
        add(0, 10, new Write("a"));
        add(11, Operation.NEVER, new Write("b"));
        add(20, 30, new Read("a"));
        add(40, 50, new Read("b"));
        add(60, 70, new Read("b"));
        assertLinearizable();
        add(80, 90, new Read("a"));
        assertViolated();
    }

    @Test
    void aWriteThatNobodySawMayBeWhyAnotherWasRefused() {
        add(0, Operation.NEVER, new Write("a"));
        add(10, 20, new RefusedIf(Operation.ABSENT));
        assertLinearizable();
        add(30, 40, new WriteIf(Operation.ABSENT, "b"));
        assertViolated();
    }

    @Test
    void anUnknownWriteIsNotSeenBeforeItIsCalled() {
        add(0, 10, new Read("a"));
        add(20, Operation.NEVER, new Write("a"));
        assertViolated();
    }

    /** As many as a fault of a minute leaves; each may come at any time, or never. */
    @Test
    @Timeout(60)
    void manyUnknownWritesAndDeletesAreNotTriedInEveryOrder() {
        for (int i = 0; i < 20; i++) {
            add(i, Operation.NEVER, new Write("unseen" + i));
            add(i, Operation.NEVER, new Write("seen" + i));
            add(i, Operation.NEVER, new Write(Operation.ABSENT));
        }
        for (int i = 0; i < 20; i++) {
            add(100 + 10 * i, 105 + 10 * i, new Read("seen" + i));
            if (i % 2 == 0) {
                add(106 + 10 * i, 108 + 10 * i, new Read(Operation.ABSENT));
            }
        }
        assertLinearizable();
        add(1_000, 1_001, new Read("seen3"));
        assertViolated();
    }

    @Test
    void ofTwoConditionalCreatesOnlyOneMayWin() {
        add(0, 10, new WriteIf(Operation.ABSENT, "a"));
        add(5, 15, new RefusedIf(Operation.ABSENT));
        assertLinearizable();
        add(6, 16, new WriteIf(Operation.ABSENT, "b"));
        assertViolated();
    }

    @Test
    void whatReplacesAValueComesAfterAllThatSeeIt() {
        add(0, 10, new Write("a"));
        add(20, 60, new WriteIf("a", "b"));
        add(30, 40, new Read("a"));
        add(50, 55, new Read("a"));
        add(70, 80, new Read("b"));
        assertLinearizable();
        add(90, 95, new Read("a"));
        assertViolated();
    }

    @Test
    void aRefusalNeedsAStateThatRefuses() {
        add(0, 10, new RefusedIf(Operation.ABSENT));
        assertViolated();
    }

    @Test
    void historiesOfARealRegisterAreAccepted() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            history.clear();
            String state = Operation.ABSENT;
            long now = 0;
            for (int i = 0;
                    i < 300;
                    i++) { // each takes effect at `now`, seen by its client some time around it
                now += 10;
                long call = now - random.nextInt(60);
                long end = now + random.nextInt(60);
                if (random.nextBoolean()) {
                    state = "v" + i;
                    add(call, end, new Write(state));
                } else {
                    add(call, end, new Read(state));
                }
            }
            assertLinearizable();
        }
    }

    private void add(long call, long end, Operation.Effect effect) {
        history.add(new Operation("client", call, end, effect));
    }

    private void assertLinearizable() {
        assertThat(Linearizability.violation("key", history)).isEmpty();
    }

    private void assertViolated() {
        assertThat(Linearizability.violation("key", history)).isPresent();
    }
}
